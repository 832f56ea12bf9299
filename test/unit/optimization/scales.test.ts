import { describe, expect, it } from 'vitest';
import { weightColours } from '../../../src/core/optimization/colour.ts';
import { acrossScales } from '../../../src/core/optimization/optimizers/scales.ts';
import { momentum } from '../../../src/core/optimization/optimizers/momentum.ts';

/** What an optimizer is given. */
function given(gradient: readonly number[], size: readonly [number, number], count: number): number[] {
  const plain = momentum(gradient.length, { rate: 1 });
  const place = new Float32Array(gradient.length);
  acrossScales(plain, { size, count }).step(place, Float32Array.from(gradient), 0);
  return Array.from(place);
}

describe('a gradient across scales', () => {
  it('has each scale by equal parts', () => {
    // Over its mean of 4: ¼, ¾, 1¼, 1¾; the mean of all four, over itself: 1.
    expect(given([1, 3, 5, 7], [2, 2], 2)).toEqual([1.25, 1.75, 2.25, 2.75]);
  });

  it('ends where a picture is one pixel', () => {
    expect(given([1, 3, 5, 7], [2, 2], 8)).toEqual([1.25, 1.75, 2.25, 2.75]);
  });

  it('has none of a grain at coarser scales, and keeps channels apart', () => {
    const grain = [1, -1, -1, 1];
    const found = given([...grain, 2, 2, 2, 2], [2, 2], 2);
    // The mean magnitude of both channels is 1.5; coarser, of 0 and 2, it is 1.
    [...grain.map((value) => value / 1.5), ...Array<number>(4).fill(2 / 1.5 + 2)].forEach((value, i) =>
      expect(found[i]).toBeCloseTo(value, 5),
    );
  });

  it('weights colours as they vary in pictures: brightness more than what tells colours apart', () => {
    const weighted = (...colour: number[]) => {
      const gradient = Float32Array.from(colour);
      weightColours(gradient, 1);
      return Array.from(gradient);
    };
    // The columns of Lucid's matrix are .4619, .1273 and .0616 long, by the longest 1, .276 and .133, and nearly at right angles.
    const of = (colour: readonly number[]) => Math.hypot(...weighted(...colour)) / Math.hypot(...colour);
    expect(of([0.26, 0.27, 0.27])).toBeCloseTo(1, 3);
    expect(of([0.09, 0, -0.09])).toBeCloseTo(0.2783, 3);
    expect(of([0.02, -0.05, 0.03])).toBeCloseTo(0.1408, 3);
    const grey = Float32Array.of(1, -2);
    weightColours(grey, 2);
    expect(Array.from(grey)).toEqual([1, -2]);
  });

  it('is the gradient as it is for one scale', () => {
    expect(given([1, 3, 5, 7], [2, 2], 1)).toEqual([1, 3, 5, 7]);
  });
});
