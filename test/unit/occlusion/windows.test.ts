import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/properties.ts';
import { coarseToFine, placeWindows, windowCount, type Border } from '../../../src/core/occlusion/windows.ts';

const choice = (window: number, stride: number, border: Border = 'cut') => ({ window, stride, border });

describe('windows', () => {
  it.each([
    [16, 4, 2809],
    [16, 8, 729],
    [32, 8, 625],
  ])('of %i, every %i pixels, are %i at 224, as published', (window, stride, count) => {
    expect(windowCount(placeWindows(224, 224, choice(window, stride, 'drop')))).toBe(count);
  });

  it('are cut off at the border, or dropped, where the last one does not fit', () => {
    expect(placeWindows(7, 5, choice(3, 2)).rows).toEqual([0, 2, 4]);
    expect(placeWindows(7, 5, choice(3, 3)).rows).toEqual([0, 3, 6]);
    expect(placeWindows(7, 5, choice(3, 3, 'drop')).rows).toEqual([0, 3]);
    expect(placeWindows(7, 5, choice(3, 3)).columns).toEqual([0, 3]);
  });

  it('cover the picture where they are larger than it', () => {
    const windows = placeWindows(7, 5, choice(9, 2));
    expect(windows).toMatchObject({ rows: [0], columns: [0], height: 7, width: 5 });
  });

  it.each([
    [224, 32, 16],
    [227, 32, 16],
    [299, 43, 22],
    [32, 5, 3],
    [28, 4, 2],
    [4, 1, 1],
    [1, 1, 1],
  ])('grow with the picture by themselves: at %i, %i pixels, every %i', (size, window, stride) => {
    const { rows, height } = placeWindows(size, size + 3, choice(0, 0));
    expect([height, rows[1] ?? stride]).toEqual([window, stride]);
  });

  it('come coarse to fine, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (height, width) => {
        const order = coarseToFine(placeWindows(height, width, choice(1, 1)));
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: height * width }, (_, i) => i));
      }),
    );
    const grid = coarseToFine(placeWindows(14, 14, choice(1, 1)));
    expect(grid.slice(0, 4)).toEqual([0, 8, 8 * 14, 8 * 14 + 8]);
    expect(grid.slice(4, 16).every((i) => (i % 14) % 4 === 0 && Math.floor(i / 14) % 4 === 0)).toBe(true);
  });
});
