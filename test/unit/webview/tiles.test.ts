import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tile } from '../../../src/core/results.ts';
import { parseUnits } from '../../../src/core/units.ts';
import * as tiles from '../../../src/webview/logic/tiles.ts';

const tile = (unit: number, more: Partial<Tile> = {}): Tile => ({
  unit,
  label: String(unit),
  min: 0,
  max: 1,
  mean: 0.5,
  norm: 1,
  ...more,
});

describe('the order of tiles', () => {
  const three = [
    tile(0, { norm: 1, mean: 3, max: 4 }),
    tile(1, { norm: 5, mean: 1, max: 9 }),
    tile(2, { norm: 5, mean: 2, max: 1 }),
  ];

  it('is by strength, number, mean, maximum; equal ones stay by number', () => {
    expect(tiles.orderTiles(three, 'strongest first')).toEqual([1, 2, 0]);
    expect(tiles.orderTiles(three, 'by number')).toEqual([0, 1, 2]);
    expect(tiles.orderTiles(three, 'by mean')).toEqual([0, 2, 1]);
    expect(tiles.orderTiles(three, 'by maximum')).toEqual([1, 0, 2]);
  });

  it('only what is zero everywhere is dead', () => {
    expect(tiles.isDead(tile(0, { min: 0, max: 0 }))).toBe(true);
    expect(tiles.isDead(tile(0, { min: -1, max: 0 }))).toBe(false);
  });
});

describe('the size of tiles', () => {
  it.each([
    [27, 27, 72, 3],
    [13, 13, 72, 6],
    [111, 111, 72, 1],
    [227, 227, 72, 1],
    [7, 7, 72, 10],
  ])('%d × %d in about %d is times %d', (width, height, wanted, scale) =>
    expect(tiles.tileScale(width, height, wanted)).toBe(scale),
  );
});

describe('pictures in a row', () => {
  it.each([
    [120, 9, 361, 115], // three in place of two
    [120, 9, 376, 120], // three fit as they are
    [120, 9, 320, 120], // a third one would be too small
    [120, 2, 361, 120], // there is no third one
    [120, 9, 50, 120],
  ])('of %d pixels, %d of them in %d: %d each', (size, count, width, fitted) =>
    expect(tiles.fittedSize(size, count, width, 8)).toBe(fitted),
  );
});

describe('where tiles lie', () => {
  const cell = { width: 72, height: 90, gap: 8 };

  it('fills the width, the last gap left out', () => {
    expect(tiles.gridOf(10, 72 * 3 + 16, cell)).toMatchObject({ columns: 3, rows: 4, height: 4 * 98 - 8 });
    expect(tiles.gridOf(10, 72 * 3 + 15, cell).columns).toBe(2);
    expect(tiles.gridOf(10, 10, cell).columns).toBe(1);
    expect(tiles.gridOf(0, 500, cell)).toMatchObject({ rows: 0, height: 0 });
  });

  it('draws every cell that is in view, and few of thousands', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 40, max: 2000 }), fc.nat(100_000), (count, width, top) => {
        const grid = tiles.gridOf(count, width, cell);
        const viewport = 600;
        const { from, to } = tiles.visibleCells(grid, count, top, viewport);
        for (let index = 0; index < count; index++) {
          const y = Math.floor(index / grid.columns) * grid.cellHeight;
          if (y + cell.height > top && y < top + viewport && (index < from || index >= to)) return false;
        }
        return to - from <= grid.columns * Math.ceil((viewport * 2) / grid.cellHeight + 2);
      }),
    );
  });

  it('arrow keys go along the rows and stop at the ends', () => {
    expect(tiles.moveInGrid(4, 'ArrowDown', 10, 3)).toBe(7);
    expect(tiles.moveInGrid(8, 'ArrowDown', 10, 3)).toBe(8);
    expect(tiles.moveInGrid(1, 'ArrowUp', 10, 3)).toBe(1);
    expect(tiles.moveInGrid(0, 'ArrowLeft', 10, 3)).toBe(0);
    expect(tiles.moveInGrid(2, 'ArrowRight', 10, 3)).toBe(3);
    expect(tiles.moveInGrid(5, 'Home', 10, 3)).toBe(0);
    expect(tiles.moveInGrid(5, 'End', 10, 3)).toBe(9);
  });
});

describe('units', () => {
  it('are written as the command line reads them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 }), (units) => {
        const read = parseUnits(tiles.unitList(units), [1, 64, 13, 13], 'layer');
        expect(read).toEqual(units.map((channel) => ({ channel })));
      }),
    );
    expect(tiles.unitList([0, 1, 2, 3, 7])).toBe('0-3,7');
    expect(tiles.unitList([3, 7, 9])).toBe('3,7,9-9');
  });

  it('come nine by nine: the strongest, else by number', () => {
    expect(tiles.nextUnits(96, new Set(), [], 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(tiles.nextUnits(96, new Set([35, 2]), [35, 12, 2, 8], 2)).toEqual([12, 8]);
    expect(tiles.nextUnits(4, new Set([0, 1, 2, 3]), [], 9)).toEqual([]);
  });

  it('have a place', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(tiles.ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '102nd',
      '113th',
    ]);
  });
});
