import { extent } from '../../core/images/chart.ts';
import { tickLabels, ticks } from '../../core/images/ticks.ts';
import type { Chart, Series } from '../../core/results.ts';

/** Where the lines of a chart are drawn, in pixels from the top left corner of its picture. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** A chart laid out: functions from values to pixels, and the ticks of both axes. */
export interface Plot {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

/** About so many pixels stand between two ticks. */
const X_STEP = 64;
const Y_STEP = 40;

export function plotOf(chart: Chart, { left, top, right, bottom }: Area): Plot {
  const [x0, x1] = extent(chart, 'x');
  const [y0, y1] = extent(chart, 'y');
  const x = (value: number): number => left + ((value - x0) / (x1 - x0 || 1)) * (right - left);
  const y = (value: number): number => bottom - ((value - y0) / (y1 - y0 || 1)) * (bottom - top);
  const xs = chart.places
    ? chart.places.map((_, index) => index)
    : ticks(x0, x1, Math.max(2, Math.round((right - left) / X_STEP)));
  const ys = ticks(y0, y1, Math.max(2, Math.round((bottom - top) / Y_STEP)));
  const xLabels = chart.places ?? tickLabels(xs);
  const yLabels = tickLabels(ys);
  return {
    x,
    y,
    xTicks: xs.map((value, index) => ({ at: x(value), label: xLabels[index]! })),
    yTicks: ys.map((value, index) => ({ at: y(value), label: yLabels[index]! })),
  };
}

/** `M… L…` through the points of a line; values that are no numbers are left out. */
export function pathOf({ x, y }: Series, plot: Plot): string {
  let path = '';
  for (let i = 0; i < x.length; i++)
    if (Number.isFinite(y[i])) path += `${path ? 'L' : 'M'}${plot.x(x[i]!).toFixed(1)} ${plot.y(y[i]!).toFixed(1)}`;
  return path;
}

/** The index of the point whose x is nearest; `xs` ascends. */
export function nearestPoint(xs: readonly number[], x: number): number {
  let best = 0;
  for (let i = 1; i < xs.length; i++) if (Math.abs(xs[i]! - x) < Math.abs(xs[best]! - x)) best = i;
  return best;
}

/** Linear between a line's points; undefined beyond its ends. */
export function valueAt({ x: xs, y: ys }: Series, x: number): number | undefined {
  const next = xs.findIndex((value) => value >= x);
  if (next < 0) return undefined;
  if (xs[next] === x) return ys[next];
  if (next === 0) return undefined;
  const part = (x - xs[next - 1]!) / (xs[next]! - xs[next - 1]!);
  return ys[next - 1]! + part * (ys[next]! - ys[next - 1]!);
}
