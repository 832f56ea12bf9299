import { describe, expect, it } from 'vitest';
import { direct } from '../../../src/core/fooling/direct.ts';
import { mutated, polynomialStep } from '../../../src/core/fooling/polynomial.ts';
import { random } from '../../../src/core/optimization/random.ts';

/** P(δ' ≤ δ) of Deb's density (η + 1)/2 · (1 − |δ|)^η. */
const below = (delta: number, eta: number) =>
  delta < 0 ? (1 + delta) ** (eta + 1) / 2 : 1 - (1 - delta) ** (eta + 1) / 2;

describe('polynomial mutation', () => {
  it('is the inverse of the distribution function', () => {
    for (const eta of [1, 15, 20])
      for (const u of [0, 0.1, 0.499, 0.5, 0.75, 1]) expect(below(polynomialStep(u, eta), eta)).toBeCloseTo(u, 12);
  });

  it('has the distribution that follows from the density', () => {
    const { uniform } = random(1);
    const steps = Array.from({ length: 20_000 }, () => polynomialStep(uniform()));
    for (const at of [-0.2, -0.05, 0, 0.05, 0.2]) {
      const share = steps.filter((step) => step <= at).length / steps.length;
      expect(share).toBeCloseTo(below(at, 15), 1.7);
    }
    // E|δ| = 1/(η + 2)
    const mean = steps.reduce((sum, step) => sum + Math.abs(step), 0) / steps.length;
    expect(mean).toBeCloseTo(1 / 17, 2.5);
  });

  it('stays in the range', () => {
    expect(mutated(0.1, 0, 0, 1)).toBe(0);
    expect(mutated(0.9, 1, 0, 1)).toBe(1);
    expect(mutated(-2, 0.5, -3, 3)).toBe(-2);
    expect(mutated(0, 0.75, -3, 3)).toBeCloseTo(6 * polynomialStep(0.75), 12);
  });
});

describe('the direct encoding', () => {
  const size = 20_000;
  const { first, offspring, paint } = direct(size, { rate: 0.1, halving: 10 });
  const parent = first(random(2));
  const changed = (generation: number) =>
    offspring(parent, parent, generation, random(3)).reduce((sum, gene, i) => sum + (gene === parent[i] ? 0 : 1), 0) /
    size;

  it('begins with uniform noise', () => {
    for (const low of [0, 64, 128, 192])
      expect(parent.filter((gene) => gene >= low && gene < low + 64).length / size).toBeCloseTo(0.25, 1.7);
    expect([Math.min(...parent), Math.max(...parent)]).toEqual([0, 255]);
  });

  it('changes a tenth of the pixels, half of that after some generations', () => {
    // Some steps are too small for a byte, or lead out of its range.
    expect(changed(1)).toBeCloseTo(0.095, 2);
    expect(changed(10)).toBe(changed(1));
    expect(changed(11)).toBeCloseTo(0.048, 2);
    expect(changed(21)).toBeCloseTo(0.024, 2.3);
  });

  it('changes them wherever they are, and leaves the parent as it was', () => {
    const before = parent.slice();
    const child = offspring(parent, parent, 1, random(4));
    expect(Buffer.from(parent.buffer).equals(Buffer.from(before.buffer))).toBe(true);
    const where = [...child.keys()].filter((i) => child[i] !== parent[i]);
    expect(where.filter((i) => i < size / 2).length / where.length).toBeCloseTo(0.5, 1);
    const all = direct(100, { rate: 1, halving: 10 });
    const grey = new Uint8ClampedArray(100).fill(128);
    expect(all.offspring(grey, grey, 1, random(5)).filter((gene) => gene !== 128).length).toBeGreaterThan(90);
  });

  it('paints the pixels themselves', () => {
    const picture = new Float32Array(size);
    paint(parent, picture);
    expect(parent.every((gene, i) => picture[i] === Math.fround(gene / 255))).toBe(true);
  });
});
