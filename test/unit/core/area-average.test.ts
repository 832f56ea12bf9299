import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaAverage } from '../../../src/core/area-average.ts';

describe('areaAverage', () => {
  it('averages whole blocks', () => {
    const map = [1, 3, 5, 7, 1, 3, 5, 7];
    expect(Array.from(areaAverage([9, ...map], 1, [2, 4], [1, 2]))).toEqual([2, 6]);
  });

  it('counts border pixels by the part that is covered', () => {
    expect(Array.from(areaAverage([0, 3, 9], 0, [1, 3], [1, 2]))).toEqual([1, 7]);
  });

  it('keeps the mean', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, size, (width, height, newWidth, newHeight) => {
        const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / values.length;
        const map = Array.from({ length: width * height }, (_, i) => Math.sin(i));
        const w = Math.min(width, newWidth);
        const h = Math.min(height, newHeight);
        expect(mean(areaAverage(map, 0, [height, width], [h, w]))).toBeCloseTo(mean(map), 5);
      }),
    );
  });
});
