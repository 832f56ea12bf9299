import type { Chart, Picture, Series } from '../results.ts';
import { Canvas, textWidth, type Colour } from './canvas.ts';
import { LINE_HEIGHT } from './glyphs.ts';
import { tickLabels, ticks } from './ticks.ts';

/** Told apart by colour-blind people too (Okabe & Ito 2008), dark enough for a light page; for a dark one lighter. */
export const SERIES_COLOURS: Readonly<Record<'light' | 'dark', readonly Colour[]>> = {
  light: [
    [0, 114, 178],
    [213, 94, 0],
    [0, 130, 95],
    [176, 82, 140],
    [150, 105, 0],
    [60, 60, 60],
  ],
  dark: [
    [86, 180, 233],
    [240, 128, 50],
    [0, 190, 140],
    [220, 140, 185],
    [230, 180, 30],
    [200, 200, 200],
  ],
};

/** Of what is drawn with text, on a page. */
export const INK = {
  light: { page: [255, 255, 255], text: [40, 40, 40], axis: [110, 110, 110], grid: [228, 228, 228] },
  dark: { page: [30, 30, 30], text: [212, 212, 212], axis: [150, 150, 150], grid: [58, 58, 58] },
} as const satisfies Record<string, Record<string, Colour>>;

const WIDTH = 720;
const PLOT = 260;
const MARGIN = 14;
const LONGEST_PLACE = 22;

/** A chart with axes, ticks and names: what it says can be read from the picture alone. */
export function drawChart(chart: Chart, background: 'light' | 'dark' = 'light'): Picture {
  const ink = INK[background];
  const colours = SERIES_COLOURS[background];
  const [y0, y1] = extent(chart, 'y');
  const yTicks = ticks(y0, y1, 5);
  const yLabels = tickLabels(yTicks);
  const left = MARGIN + LINE_HEIGHT + 8 + Math.max(...yLabels.map(textWidth)) + 8;
  const right = WIDTH - MARGIN - 6;
  const head = legend(chart.series, left, right);
  const title = chart.title ? fitted(chart.title, WIDTH - 2 * MARGIN) : [];
  const top = MARGIN + (title.length + head.lines) * (LINE_HEIGHT + 6) + 6;
  const bottom = top + PLOT;
  const [x0, x1] = extent(chart, 'x');
  const xOf = (x: number) => left + ((x - x0) / (x1 - x0 || 1)) * (right - left);
  const yOf = (y: number) => bottom - ((y - y0) / (y1 - y0 || 1)) * PLOT;
  const xTicks = chart.places ? chart.places.map((_, i) => i) : ticks(x0, x1, 8);
  const xLabels = chart.places ? chart.places.map(shortened) : tickLabels(xTicks);
  const room = (right - left) / Math.max(1, xTicks.length - 1) - 8;
  const widest = Math.max(...xLabels.map(textWidth));
  const upwards = widest > room;
  const below = (upwards ? widest : LINE_HEIGHT) + 12;

  const canvas = new Canvas(WIDTH, bottom + below + LINE_HEIGHT + MARGIN, ink.page);
  title.forEach((line, i) => canvas.text(line, MARGIN, MARGIN + (i + 0.5) * (LINE_HEIGHT + 6), { colour: ink.text }));
  for (const { text, x, line, series } of head.entries) {
    const y = MARGIN + (title.length + line + 0.5) * (LINE_HEIGHT + 6);
    canvas.line(
      [
        [x, y],
        [x + 22, y],
      ],
      colours[series % colours.length]!,
      3,
    );
    canvas.text(text, x + 30, y, { colour: ink.text });
  }
  yTicks.forEach((value, i) => {
    const y = Math.round(yOf(value));
    canvas.fill(Math.round(left), y, right, y + 1, ink.grid);
    canvas.text(yLabels[i]!, left - 8, y, { colour: ink.text, align: 'end' });
  });
  xTicks.forEach((value, i) => {
    const x = Math.round(xOf(value));
    canvas.fill(x, bottom, x + 1, bottom + 5, ink.axis);
    const end = i === xTicks.length - 1 && xOf(value) + textWidth(xLabels[i]!) / 2 > WIDTH - 2;
    if (upwards) canvas.text(xLabels[i]!, x, bottom + 10, { colour: ink.text, align: 'end', upwards });
    else
      canvas.text(xLabels[i]!, end ? WIDTH - 4 : x, bottom + 8 + LINE_HEIGHT / 2, {
        colour: ink.text,
        align: end ? 'end' : 'middle',
      });
  });
  canvas.fill(left - 1, top, left, bottom + 1, ink.axis);
  const base = Math.round(yOf(Math.min(Math.max(0, y0), y1)));
  canvas.fill(left - 1, base, right, base + 1, ink.axis);
  canvas.text(named(chart.x), (left + right) / 2, bottom + below + LINE_HEIGHT / 2, {
    colour: ink.text,
    align: 'middle',
  });
  canvas.text(named(chart.y), MARGIN + LINE_HEIGHT / 2, (top + bottom) / 2, {
    colour: ink.text,
    align: 'middle',
    upwards: true,
  });
  chart.series.forEach(({ x, y }, n) => {
    const points = Array.from(x, (value, i) => [xOf(value), yOf(y[i]!)] as const);
    const colour = colours[n % colours.length]!;
    canvas.line(points, colour, 2.5);
    if (chart.places)
      for (const [px, py] of points)
        canvas.line(
          [
            [px, py],
            [px, py],
          ],
          colour,
          7,
        );
  });
  return canvas;
}

/** From the least to the largest of an axis, to 0 and 1 where the values lie near them; never without extent. */
export function extent(chart: Chart, axis: 'x' | 'y'): [number, number] {
  const { series, places } = chart;
  if (axis === 'x' && places) return [0, Math.max(1, places.length - 1)];
  const given = chart[axis].extent;
  if (given) return [...given];
  const values = series.flatMap((one) => Array.from(one[axis])).filter(Number.isFinite);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 1];
  if (low >= 0 && low < high / 2) low = 0;
  if (high <= 1 && high > 0.5) high = 1;
  if (axis === 'x') return low === high ? [low, low + 1] : [low, high];
  const steps = ticks(low, high, 5);
  const step = steps.length > 1 ? steps[1]! - steps[0]! : Math.abs(high) || 1;
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step || step];
}

function legend(series: readonly Series[], left: number, right: number) {
  let [x, line] = [left, 0];
  const entries = series.map(({ name, area }, n) => {
    const text = area === undefined ? name : `${name}, area ${area.toFixed(3)}`;
    const width = 30 + textWidth(text) + 24;
    if (x > left && x + width > right) [x, line] = [left, line + 1];
    const entry = { text, x, line, series: n };
    x += width;
    return entry;
  });
  return { entries, lines: series.length > 0 ? line + 1 : 0 };
}

/** A text as lines of at most so many pixels. */
function fitted(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const shortened = (name: string) => (name.length <= LONGEST_PLACE ? name : `…${name.slice(1 - LONGEST_PLACE)}`);

const named = ({ name, unit }: Chart['x']) => (unit ? `${name} (${unit})` : name);

/** Charts of one width, one below the other. */
export function stack(pictures: readonly Picture[], background: 'light' | 'dark' = 'light'): Picture {
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  const sheet = new Canvas(WIDTH, height, INK[background].page);
  let at = 0;
  for (const { rgb } of pictures) {
    sheet.rgb.set(rgb, at);
    at += rgb.length;
  }
  return sheet;
}
