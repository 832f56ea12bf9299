import { expect, it } from 'vitest';
import { resample, roll } from '../../../src/core/optimization/resample.ts';

it('resample keeps even planes, averages where they shrink, is linear where they grow', () => {
  const even = new Float32Array(12).fill(3);
  for (const size of [
    [2, 1],
    [7, 9],
  ] as const)
    for (const value of resample(even, [4, 3], size)) expect(value).toBeCloseTo(3, 6);
  expect(Array.from(resample(Float32Array.of(1, 3, 5, 7), [2, 2], [1, 1]))).toEqual([4]);
  expect(Array.from(resample(Float32Array.of(0, 4), [1, 2], [1, 4]))).toEqual([0, 1, 3, 4]);
  expect(resample(new Float32Array(24), [4, 3], [8, 6])).toHaveLength(96);
});

it('roll shifts round, plane by plane, and back', () => {
  const planes = Float32Array.from({ length: 12 }, (_, i) => i);
  expect(Array.from(roll(planes, [2, 3], 0, 1))).toEqual([2, 0, 1, 5, 3, 4, 8, 6, 7, 11, 9, 10]);
  expect(Array.from(roll(planes, [2, 3], 1, 0)).slice(0, 6)).toEqual([3, 4, 5, 0, 1, 2]);
  expect(roll(roll(planes, [2, 3], -5, 4), [2, 3], 5, -4)).toEqual(planes);
});
