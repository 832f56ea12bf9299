import { describe, expect, it } from 'vitest';
import { colourTable } from '../../../src/core/images/colour-maps.ts';
import { drawMatrix } from '../../../src/core/images/matrix-drawing.ts';
import type { ImagesResult, Picture, PictureMatrix } from '../../../src/core/results.ts';

const viridis = colourTable('viridis');
const colour = (step: number) => [...viridis.subarray(3 * step, 3 * step + 3)];
const pixel = ({ rgb, width }: Picture, x: number, y: number) => [
  ...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const count = (picture: Picture, wanted: readonly number[]) =>
  Array.from({ length: picture.width * picture.height }, (_, i) => pixel(picture, i, 0)).filter((found) =>
    found.every((value, c) => value === wanted[c]),
  ).length;

/** Two pictures of one pixel: red and blue. */
const tile = { label: '', min: 0, max: 0, mean: 0, norm: 0 };
const result: ImagesResult = {
  kind: 'images',
  title: 'Two',
  arrays: {},
  metrics: {},
  notes: [],
  tiles: [0, 1].map((unit) => ({ ...tile, unit })),
  width: 1,
  height: 1,
  rgb: Uint8Array.of(255, 0, 0, 0, 0, 255),
};
const matrix: PictureMatrix = {
  name: 'distance',
  title: 'How far apart',
  columns: 'pictures',
  values: Float32Array.of(0, 1, 1, 0),
  range: [0, 1],
};
/** Rows are 56 px high, thumbnails 54 px; 14 px of margin, 6 px between. */
const LEFT = 14 + 56 + 6;

describe('a matrix of pictures', () => {
  const drawn = drawMatrix(result, matrix);
  const top =
    Array.from({ length: drawn.height }, (_, y) => y).findLast(
      (y) => y < drawn.height - 60 && pixel(drawn, LEFT + 1, y).every((value, c) => value === colour(0)[c]),
    )! - 55;

  it('has each value in its place', () => {
    expect(pixel(drawn, LEFT + 1, top + 1)).toEqual(colour(0));
    expect(pixel(drawn, LEFT + 57, top + 1)).toEqual(colour(255));
    expect(pixel(drawn, LEFT + 1, top + 57)).toEqual(colour(255));
    expect(pixel(drawn, LEFT + 57, top + 57)).toEqual(colour(0));
  });

  it('has the pictures along both sides', () => {
    expect(count(drawn, [255, 0, 0])).toBe(2 * 54 * 54);
    expect(count(drawn, [0, 0, 255])).toBe(2 * 54 * 54);
    expect(pixel(drawn, 14 + 30, top + 20)).toEqual([255, 0, 0]);
    expect(pixel(drawn, 14 + 30, top + 76)).toEqual([0, 0, 255]);
  });
});

describe('a matrix of units', () => {
  it('has a row a picture, a column a unit, and no pictures above', () => {
    const units: PictureMatrix = {
      ...matrix,
      columns: 'units',
      values: Float32Array.of(0, 0.5, 1, 1, 0, 0),
      marked: [2],
    };
    const drawn = drawMatrix(result, units);
    expect(count(drawn, [255, 0, 0])).toBe(54 * 54);
    const first = Array.from({ length: drawn.height }, (_, y) => y).find((y) => pixel(drawn, 44, y)[1] === 0)! - 1;
    const row = (y: number) => [0, 1, 2].map((c) => pixel(drawn, LEFT + 28 + 56 * c, y));
    expect(row(first + 28)).toEqual([colour(0), colour(128), colour(255)]);
    expect(row(first + 84)).toEqual([colour(255), colour(0), colour(0)]);
  });

  it('is as wide as a thousand of them need, and dark on a dark page', () => {
    const values = new Float32Array(2000).fill(0.5);
    const drawn = drawMatrix(result, { ...matrix, columns: 'units', values }, 'dark');
    expect(drawn.width).toBeGreaterThan(1000 + LEFT);
    expect(pixel(drawn, 0, 0)).toEqual([30, 30, 30]);
  });
});
