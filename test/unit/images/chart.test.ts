import { describe, expect, it } from 'vitest';
import { Canvas, textWidth } from '../../../src/core/images/canvas.ts';
import { SERIES_COLOURS } from '../../../src/core/images/chart.ts';
import { renderResult } from '../../../src/core/images/render.ts';
import { tickLabels, ticks } from '../../../src/core/images/ticks.ts';
import type { BoxesResult, CurveResult, Picture } from '../../../src/core/results.ts';

const common = { title: 'A title', arrays: {}, metrics: {}, notes: [] };
const pixel = ({ rgb, width }: Picture, x: number, y: number) => [
  ...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const places = (picture: Picture, colour: readonly number[]): [number, number][] =>
  Array.from({ length: picture.width * picture.height }, (_, i): [number, number] => [
    i % picture.width,
    Math.floor(i / picture.width),
  ]).filter(([x, y]) => pixel(picture, x, y).every((value, c) => value === colour[c]));

describe('ticks', () => {
  it.each([
    [0, 1, 5, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [-1, 1, 5, ['−1.0', '−0.5', '0.0', '0.5', '1.0']],
    [0, 7, 8, ['0', '1', '2', '3', '4', '5', '6', '7']],
    [0.013, 0.019, 3, ['0.014', '0.016', '0.018']],
    [3, 3, 5, ['3']],
  ])('from %d to %d are round', (low, high, count, labels) => {
    expect(tickLabels(ticks(low, high, count))).toEqual(labels);
  });
});

describe('Canvas', () => {
  it('draws a line where it goes, and nothing elsewhere', () => {
    const canvas = new Canvas(20, 11, [255, 255, 255]);
    canvas.line(
      [
        [2, 5.5],
        [18, 5.5],
      ],
      [0, 0, 0],
      1,
    );
    for (let x = 3; x < 17; x++) expect(pixel(canvas, x, 5)).toEqual([0, 0, 0]);
    expect(pixel(canvas, 10, 3)).toEqual([255, 255, 255]);
    expect(pixel(canvas, 0, 5)).toEqual([255, 255, 255]);
  });

  it('leaves a point that is no number out of a line', () => {
    const canvas = new Canvas(9, 9, [255, 255, 255]);
    canvas.line(
      [
        [1, NaN],
        [8, NaN],
      ],
      [0, 0, 0],
      3,
    );
    expect(canvas.rgb.every((value) => value === 255)).toBe(true);
  });

  it('writes text as wide as it says, at its start, middle and end', () => {
    const text = 'deletion 0.2';
    for (const [align, left] of [
      ['start', 100],
      ['middle', 100 - textWidth(text) / 2],
      ['end', 100 - textWidth(text)],
    ] as const) {
      const canvas = new Canvas(220, 30, [255, 255, 255]);
      canvas.text(text, 100, 15, { colour: [0, 0, 0], align });
      const inked = Array.from({ length: 220 }, (_, x) => x).filter((x) =>
        Array.from({ length: 30 }, (_, y) => pixel(canvas, x, y)[0]!).some((value) => value < 200),
      );
      expect(Math.abs(inked[0]! - left)).toBeLessThanOrEqual(2);
      expect(Math.abs(inked.at(-1)! - left - textWidth(text))).toBeLessThanOrEqual(3);
    }
  });
});

describe('a curve as a picture', () => {
  const curve = (y: readonly number[]): CurveResult => ({
    ...common,
    kind: 'curve',
    x: { name: 'x' },
    y: { name: 'y', extent: [0, 1] },
    series: [{ name: 'one', x: Float32Array.of(0, 1), y: Float32Array.from(y) }],
  });
  const [blue] = SERIES_COLOURS.light;

  it('is higher where its values are', () => {
    const heights = [0.2, 0.8].map((level) => {
      const found = places(renderResult(curve([level, level]))!, blue!).filter(([x]) => x === 500);
      return found[0]![1];
    });
    expect(heights[0]! - heights[1]!).toBeCloseTo(0.6 * 260, -0.5);
  });

  it('has a light page, or a dark one', () => {
    expect(pixel(renderResult(curve([0, 1]))!, 0, 0)).toEqual([255, 255, 255]);
    expect(pixel(renderResult(curve([0, 1]), { background: 'dark' })!, 0, 0)).toEqual([30, 30, 30]);
  });

  it('has its further charts below', () => {
    const one = renderResult(curve([0, 1]))!;
    const two = renderResult({ ...curve([0, 1]), also: [curve([1, 0])] })!;
    expect(two.height).toBe(2 * one.height);
    expect(Buffer.compare(two.rgb.subarray(0, one.rgb.length), one.rgb)).toBe(0);
  });
});

it('boxes are drawn over the picture, which is dimmed outside the mask', () => {
  const [width, height] = [300, 240];
  const rgb = new Uint8Array(width * height * 3).fill(200);
  const mask = new Uint8Array(width * height);
  for (let y = 100; y < 150; y++) mask.fill(1, y * width + 100, y * width + 180);
  const box = { x0: 100, y0: 100, x1: 180, y1: 150, label: 'cat' };
  const result: BoxesResult = {
    ...common,
    kind: 'boxes',
    width,
    height,
    mask,
    boxes: [box],
    image: { width, height, rgb },
  };
  const picture = renderResult(result);
  expect(pixel(picture, 140, 125)).toEqual([200, 200, 200]);
  expect(pixel(picture, 20, 20)).toEqual([80, 80, 80]);
  expect(pixel(picture, 140, 100)).toEqual([255, 214, 10]);
  expect(pixel(picture, 100, 130)).toEqual([255, 214, 10]);
});
