import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/properties.ts';
import { guessUnknown, overlapMap } from '../../../src/core/occlusion/overlap.ts';
import { coarseToFine, placeWindows, windowCount, type Windows } from '../../../src/core/occlusion/windows.ts';

/** As it is defined: pixel by pixel, window by window. */
function slowMap({ rows, columns, height, width, picture }: Windows, values: readonly number[], mean: boolean) {
  return Array.from({ length: picture.height * picture.width }, (_, i) => {
    const [y, x] = [Math.floor(i / picture.width), i % picture.width];
    const hiding = values.filter((_, window) => {
      const top = rows[Math.floor(window / columns.length)]!;
      const left = columns[window % columns.length]!;
      return y >= top && y < top + height && x >= left && x < left + width;
    });
    const sum = hiding.reduce((total, value) => total + value, 0);
    return hiding.length === 0 ? 0 : mean ? sum / hiding.length : sum;
  });
}

const size = fc.integer({ min: 1, max: 12 });

describe('the map of overlapping windows', () => {
  it('has at each pixel the mean, or the sum, of those that hide it', () => {
    fc.assert(
      fc.property(size, size, size, size, fc.boolean(), fc.boolean(), (height, width, window, stride, cut, mean) => {
        const windows = placeWindows(height, width, { window, stride, border: cut ? 'cut' : 'drop' });
        const values = Array.from({ length: windowCount(windows) }, (_, i) => Math.sin(3 * i + 1));
        const map = overlapMap(windows, values, mean ? 'mean' : 'sum');
        slowMap(windows, values, mean).forEach((value, i) => expect(map[i]).toBeCloseTo(value, 4));
      }),
    );
  });

  it('is by hand: two windows of three pixels over four', () => {
    const windows = placeWindows(1, 4, { window: 3, stride: 1, border: 'cut' });
    expect([...overlapMap(windows, [1, 5], 'mean')]).toEqual([1, 3, 3, 5]);
    expect([...overlapMap(windows, [1, 5], 'sum')]).toEqual([1, 6, 6, 5]);
  });

  it('is zero where no window comes', () => {
    const windows = placeWindows(1, 5, { window: 2, stride: 2, border: 'drop' });
    expect([...overlapMap(windows, [1, 2], 'sum')]).toEqual([1, 1, 2, 2, 0]);
  });

  it('takes for windows to come what is known nearby', () => {
    const windows = placeWindows(6, 5, { window: 1, stride: 1, border: 'cut' });
    const order = coarseToFine(windows);
    const values = new Float64Array(30).fill(NaN);
    for (const [i, window] of order.entries()) {
      values[window] = i;
      const full = guessUnknown(windows, values);
      expect(full.every((value) => value >= 0 && value <= i)).toBe(true);
      expect(full[window]).toBe(i);
    }
    expect([...values]).toEqual([...guessUnknown(windows, values)]);
  });
});
