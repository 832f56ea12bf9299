import type { ImagesResult, Picture, PictureMatrix } from '../results.ts';
import { Canvas, textWidth, type Colour } from './canvas.ts';
import { INK } from './chart.ts';
import { colourTable } from './colour-maps.ts';
import { LINE_HEIGHT } from './glyphs.ts';
import { pictureTiles } from './picture-tiles.ts';
import { resize } from './resize.ts';
import { tickLabels, ticks } from './ticks.ts';

const MARGIN = 14;
const GAP = 6;
/** Of a row, in pixels; together rows are no higher than `ALL`, where they can be seen at all. */
const ROW = { most: 56, least: 4, all: 640 };
/** Numbers stand in cells of this size and more. */
const READABLE = 38;
/** Units are side by side on about so many pixels. */
const WIDTH = 640;
const SCALE = 14;

/** A matrix with its pictures along the sides, and the scale of its colours. */
export function drawMatrix(
  result: ImagesResult,
  { title, columns, values, range: [low, high], marked = [] }: PictureMatrix,
  background: 'light' | 'dark' = 'light',
): Picture {
  const ink = INK[background];
  const count = result.tiles.length;
  const wide = values.length / count;
  const row = Math.max(ROW.least, Math.min(ROW.most, Math.floor(ROW.all / count)));
  const cell = columns === 'pictures' ? row : Math.max(1, Math.min(row, Math.floor(WIDTH / wide)));
  const among = columns === 'pictures';
  const left = MARGIN + row + GAP;
  const top = MARGIN + LINE_HEIGHT + GAP + (among ? row : LINE_HEIGHT) + GAP;
  const [right, bottom] = [left + wide * cell, top + count * row];
  const below = bottom + GAP + SCALE + GAP + LINE_HEIGHT;
  const canvas = new Canvas(Math.max(right, left + 240, MARGIN + textWidth(title)) + MARGIN, below + MARGIN, ink.page);
  canvas.text(title, MARGIN, MARGIN + LINE_HEIGHT / 2, { colour: ink.text });

  const table = colourTable('viridis');
  const step = (value: number) => Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
  const colourOf = (value: number): Colour => [0, 1, 2].map((c) => table[3 * step(value) + c]!) as unknown as Colour;
  values.forEach((value, i) => {
    const [x, y] = [left + (i % wide) * cell, top + Math.floor(i / wide) * row];
    canvas.fill(x, y, x + cell, y + row, colourOf(value));
    if (!among || cell < READABLE) return;
    const colour = step(value) > 140 ? INK.light.text : INK.dark.text;
    canvas.text(value.toFixed(2), x + cell / 2, y + row / 2, { colour, align: 'middle' });
  });
  pictureTiles(result).forEach((picture, n) => {
    const small = fitted(picture, row - 2);
    put(canvas, small, MARGIN + row - small.width, top + n * row + 1);
    if (among) put(canvas, small, left + n * cell + 1, top - GAP - small.height);
  });
  if (!among)
    for (const unit of marked) {
      const x = left + unit * cell + Math.floor(cell / 2);
      canvas.fill(x, top - GAP, x + 1, top, ink.text);
      const align = x < (left + right) / 2 ? 'start' : 'end';
      canvas.text(String(unit), x, top - GAP - LINE_HEIGHT / 2, { colour: ink.text, align });
    }

  const end = left + Math.min(240, Math.max(120, right - left));
  const y = bottom + GAP;
  for (let x = left; x < end; x++)
    canvas.fill(x, y, x + 1, y + SCALE, colourOf(low + ((x - left) / (end - left)) * (high - low)));
  const places = ticks(low, high, 3);
  tickLabels(places).forEach((label, i) => {
    const x = left + ((places[i]! - low) / (high - low || 1)) * (end - left);
    canvas.text(label, x, y + SCALE + GAP + LINE_HEIGHT / 2, { colour: ink.text, align: 'middle' });
  });
  return canvas;
}

/** No larger than a square of `side`. */
function fitted(picture: Picture, side: number): Picture {
  const factor = side / Math.max(picture.width, picture.height);
  const length = (own: number) => Math.max(1, Math.round(own * factor));
  return resize(picture, length(picture.width), length(picture.height));
}

function put(canvas: Canvas, { width, height, rgb }: Picture, left: number, top: number): void {
  for (let y = 0; y < height; y++)
    canvas.rgb.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * canvas.width + left) * 3);
}
