import { describe, expect, it } from 'vitest';
import { boundingBox, largestComponent } from '../../../src/core/localisation/components.ts';
import { fitMixture } from '../../../src/core/localisation/gaussian-mixture.ts';
import { graphCut } from '../../../src/core/localisation/graph-cut.ts';
import { seedsOf } from '../../../src/core/localisation/seeds.ts';
import { random } from '../../../src/core/optimization/random.ts';

const drawing = (...rows: string[]) =>
  Uint8Array.from([...rows.join('')].map((character) => (character === '#' ? 1 : 0)));

describe('largestComponent', () => {
  it('keeps the largest, over edges and corners', () => {
    const mask = drawing('##..#', '....#', '#..#.', '.##..');
    expect(largestComponent(mask, 5, 4)).toEqual(drawing('....#', '....#', '#..#.', '.##..'));
  });

  it('does not go round the border', () => {
    expect(largestComponent(drawing('..#', '#..', '#..'), 3, 3)).toEqual(drawing('...', '#..', '#..'));
  });

  it('of nothing is nothing, without a box', () => {
    expect(largestComponent(drawing('...'), 3, 1)).toEqual(drawing('...'));
    expect(boundingBox(drawing('...'), 3)).toBeUndefined();
  });
});

it('a box ends one beyond the last pixel', () => {
  expect(boundingBox(drawing('....', '..#.', '.#..'), 4)).toEqual({ x0: 1, y0: 1, x1: 3, y1: 3 });
});

describe('seedsOf', () => {
  const ten = Float32Array.from({ length: 11 }, (_, i) => i);

  it('are the strongest and the weakest, quantiles as numpy’s', () => {
    const { foreground, background } = seedsOf(ten, 0.9, 0.3);
    expect([...foreground]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect([...background]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('leave out what speaks against: it is neither', () => {
    const { foreground, background } = seedsOf(Float32Array.of(-9, -8, 0, 0.1, 7), 0.95, 0.3);
    expect([...foreground]).toEqual([0, 0, 0, 0, 1]);
    expect([...background]).toEqual([0, 0, 1, 1, 0]);
  });

  it('of a map of zeros are no foreground', () => {
    expect(seedsOf(new Float32Array(5), 0.95, 0.3).foreground.includes(1)).toBe(false);
  });
});

describe('fitMixture', () => {
  const options = { components: 1, seed: 0, regularisation: 0 };

  it('of one Gaussian has the moments of the points', () => {
    // Mean (1, 0), covariance [[2/3·…]]: x ∈ {0, 1, 2}, y = 0 ± 1 by turns.
    const points = Float32Array.of(0, 1, 2, 1, 0, -1, 2, -1);
    const [density] = fitMixture(points, 2, options).logDensity(Float32Array.of(1, 0));
    // Σ = identity: p at the mean is 1/2π.
    expect(density).toBeCloseTo(-Math.log(2 * Math.PI), 9);
    const [away] = fitMixture(points, 2, options).logDensity(Float32Array.of(4, 0));
    expect(away).toBeCloseTo(-Math.log(2 * Math.PI) - 4.5, 9);
  });

  it('finds two groups of different spread', () => {
    const { normal } = random(5);
    const points = Float32Array.from({ length: 4000 }, (_, i) => (i < 1000 ? -5 + 0.5 * normal() : 3 + normal()));
    const mixture = fitMixture(points, 1, { components: 2, seed: 1, regularisation: 1e-6 });
    const density = (x: number, mean: number, deviation: number) =>
      Math.exp(-((x - mean) ** 2) / (2 * deviation ** 2)) / (deviation * Math.sqrt(2 * Math.PI));
    for (const x of [-5.5, -5, -4, 2, 3, 4.5]) {
      const expected = Math.log(0.25 * density(x, -5, 0.5) + 0.75 * density(x, 3, 1));
      expect(mixture.logDensity(Float32Array.of(x))[0]).toBeCloseTo(expected, 0);
    }
  });

  it('takes points that are all the same', () => {
    const mixture = fitMixture(new Float32Array(30).fill(0.5), 3, { components: 5, seed: 0, regularisation: 1e-4 });
    const [at, off] = mixture.logDensity(Float32Array.of(0.5, 0.5, 0.5, 0.6, 0.5, 0.5));
    expect(Number.isFinite(at)).toBe(true);
    expect(at! - off!).toBeCloseTo(0.5 * (0.1 ** 2 / 1e-4), 3);
  });
});

it('GraphCut keeps its seeds and lets smoothness decide what colours do not', () => {
  const values = Float32Array.of(0, 0, 0.5, 1, 1);
  const colours = { width: 5, height: 1, channels: 1, values };
  const seeds = { foreground: drawing('#....'), background: drawing('....#') };
  const cut = graphCut(colours, seeds, { components: 1, smoothness: 5, contrast: 'measured', seed: 0 });
  expect([cut[0], cut[1], cut[3], cut[4]]).toEqual([1, 1, 0, 0]);
});
