import { describe, expect, it } from 'vitest';
import { alphaNorm } from '../../../src/core/optimization/penalties/alpha-norm.ts';
import type { Penalty } from '../../../src/core/optimization/penalties/penalty.ts';
import { totalVariation } from '../../../src/core/optimization/penalties/total-variation.ts';
import { blur } from '../../../src/core/optimization/priors/blur.ts';
import { decay, sphere } from '../../../src/core/optimization/priors/shrink.ts';
import { dropSmallContribution, dropSmallNorm } from '../../../src/core/optimization/priors/small-pixels.ts';
import { normals } from '../../support/vectors.ts';

describe('penalties', () => {
  const picture = normals(2 * 4 * 5, 1);
  const size = { height: 4, width: 5 };

  it.each<[string, Penalty]>([
    ['‖x‖²', alphaNorm(0.3, 2, [0.5, 0.4])],
    ['‖x‖⁶', alphaNorm(2, 6, [0.5, 0.4])],
    ['total variation, β 2', totalVariation(0.7, 2, size)],
    ['total variation, β 1', totalVariation(0.7, 1, size)],
    ['total variation, β 3', totalVariation(0.7, 3, size)],
  ])('%s: takes off the gradient of the value it returns, by finite differences', (_, penalty) => {
    const value = (moved: Float32Array) => penalty(moved, new Float32Array(moved.length));
    const gradient = new Float32Array(picture.length);
    penalty(picture, gradient);
    const largest = Math.max(...gradient.map(Math.abs));
    picture.forEach((_, at) => {
      const moved = (step: number) => value(picture.map((x, i) => (i === at ? x + step : x)));
      const slope = (moved(1e-3) - moved(-1e-3)) / 2e-3;
      expect(Math.abs(slope + gradient[at]!) / largest).toBeLessThan(5e-3);
    });
  });

  it('count what they are meant to count', () => {
    const gradient = new Float32Array(4);
    expect(alphaNorm(2, 2, [0])(Float32Array.of(1, 2, 0, -1), gradient)).toBe(12);
    expect(Array.from(gradient)).toEqual([-4, -8, 0, 4]);
    expect(totalVariation(1, 2, { height: 2, width: 2 })(Float32Array.of(0, 3, 4, 9), new Float32Array(4))).toBe(25);
    expect(totalVariation(1, 1, { height: 2, width: 2 })(Float32Array.of(0, 3, 4, 9), new Float32Array(4))).toBeCloseTo(
      5,
    );
  });
});

describe('priors', () => {
  const after = (prior: ReturnType<typeof decay>, values: number[], gradient: number[] = [], step = 1) => {
    const parameters = Float32Array.from(values);
    prior(parameters, Float32Array.from(gradient), step);
    return Array.from(parameters);
  };

  it('decay and the norm ball scale all alike', () => {
    expect(after(decay(0.25), [4, -8])).toEqual([3, -6]);
    expect(after(sphere(10), [3, 4])).toEqual([6, 8]);
    expect(after(sphere(10), [0, 0])).toEqual([0, 0]);
  });

  it('pixels of small norm, over the channels, become zero', () => {
    // Two channels of four pixels: squared norms 1, 4, 9, 25.
    expect(after(dropSmallNorm(50, 2), [1, 2, 0, 3, 0, 0, 3, 4])).toEqual([0, 0, 0, 3, 0, 0, 3, 4]);
    expect(after(dropSmallNorm(0, 2), [1, 2, 0, 3, 0, 0, 3, 4])).toEqual([1, 2, 0, 3, 0, 0, 3, 4]);
    // np.percentile([1, 2, 3, 4], 40) = 2.2
    expect(after(dropSmallNorm(40, 1), [4, 1, 3, 2])).toEqual([4, 0, 3, 0]);
  });

  it('pixels of small contribution |Σ −x·g| become zero', () => {
    // 1·1 + 1·(−1) = 0; 1·2 + 0 = 2; 3·1 + 1·1 = 4; 0.
    const gradient = [1, 2, 1, 5, -1, 9, 1, 5];
    expect(after(dropSmallContribution(75, 2), [1, 1, 3, 0, 1, 0, 1, 0], gradient)).toEqual([0, 0, 3, 0, 0, 0, 1, 0]);
  });

  it('blur spreads a point as a Gaussian, each so many steps, and leaves even pictures as they are', () => {
    const point = Array.from({ length: 15 * 15 }, (_, i) => (i === 7 * 15 + 7 ? 1 : 0));
    const prior = blur({ sigma: 1, every: 4, height: 15, width: 15 });
    expect(after(prior, point, [], 3)).toEqual(point);
    const spread = after(prior, point, [], 4);
    expect(spread.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(spread[7 * 15 + 8]! / spread[7 * 15 + 7]!).toBeCloseTo(Math.exp(-0.5), 5);
    expect(spread[8 * 15 + 8]! / spread[7 * 15 + 7]!).toBeCloseTo(Math.exp(-1), 5);
    for (const value of after(prior, Array<number>(225).fill(3), [], 4)) expect(value).toBeCloseTo(3, 5);
  });
});
