import type { Shape } from '../../graph/graph.ts';
import { WAYS, type Way } from './operators.ts';

/** One operator with an image's values: x in, y out; what arrives at y; what each way sends back to x. */
export interface Seen {
  readonly name: string;
  /** C×H×W of x and of y. */
  readonly input: Shape;
  readonly output: Shape;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly arrives: Float32Array;
  readonly sent: Readonly<Record<Way, Float32Array>>;
  /** Of max-pooling: without switches. */
  readonly unswitched?: Readonly<Record<Way, Float32Array>>;
  /** Of max-pooling: the place in x that is the centre of the window of a place in y. */
  centre?(place: number): number;
}

export type Row = readonly (string | number)[];

export const COLUMNS = [
  'operator',
  'layer',
  'place',
  'x forward',
  'arrives',
  'backprop',
  'DeconvNet',
  'guided backprop',
];

const row = (operator: string, seen: Seen, at: number, arrives: string | number, sent = seen.sent): Row => [
  operator,
  seen.name,
  place(at, seen.input),
  seen.x[at]!,
  arrives,
  ...WAYS.map((way) => sent[way][at]!),
];

/** Where most is sent back: from many values that arrive at once, weighted by the kernel, to one. All three do the same. */
export const convolutionRow = (seen: Seen): Row[] => {
  const at = largest(seen.sent.gradient, () => true);
  const count = seen.arrives.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  return at === undefined ? [] : [row('Convolution', seen, at, count === 1 ? '1 value' : `${count} values`)];
};

/** The four cases in which the three differ: the signs of the value forward and of what arrives. */
export const rectifierRows = (seen: Seen): Row[] =>
  [true, false].flatMap((open) =>
    [true, false].flatMap((positive) => {
      const { x, arrives } = seen;
      const at = largest(arrives, (i) => x[i]! > 0 === open && arrives[i]! > 0 === positive);
      const name = `ReLU: x ${open ? '> 0' : '≤ 0'}, g ${positive ? '> 0' : '< 0'}`;
      return at === undefined ? [] : [row(name, seen, at, arrives[at]!)];
    }),
  );

/** One window, with the switches and without: to its largest value, or to its centre. */
export function poolingRows(seen: Seen): Row[] {
  const { x, y, arrives, sent, unswitched, centre } = seen;
  const [inArea, outArea] = [area(seen.input), area(seen.output)];
  // A place that is the largest of one window alone, so that what arrives is the window's.
  const winner = new Map<number, number>();
  for (const at of strongest(sent.gradient, x)) {
    const channel = Math.floor(at / inArea) * outArea;
    for (let i = channel; i < channel + outArea; i++)
      if (y[i] === x[at] && arrives[i] === sent.gradient[at]) winner.set(at, i);
    if (winner.size > 0) break;
  }
  const [found] = winner;
  if (!found) return [];
  const [at, window] = found;
  const rows = [row('Max-pooling, at the largest', seen, at, arrives[window]!)];
  const middle = centre?.(window);
  if (unswitched && middle !== undefined)
    rows.push(row('Max-pooling without switches, at the centre', seen, middle, arrives[window]!, unswitched));
  return rows;
}

const area = ([, ...sizes]: Shape): number => sizes.reduce((product, size) => product * size, 1);

/** `3 at 4,11`: channel, y, x. */
function place(at: number, shape: Shape): string {
  const [, height = 1, width = 1] = shape;
  const inside = at % (height * width);
  return `${Math.floor(at / (height * width))} at ${Math.floor(inside / width)},${inside % width}`;
}

/** Where a value's magnitude is the largest among some; undefined where all of them are zero. */
function largest(values: Float32Array, counts: (index: number) => boolean): number | undefined {
  let best: number | undefined;
  values.forEach((value, i) => {
    if (value !== 0 && Math.abs(value) > Math.abs(best === undefined ? 0 : values[best]!) && counts(i)) best = i;
  });
  return best;
}

/** How many places are tried, the largest magnitudes first; those where the value itself is zero tell least, and come last. */
const TRIED = 200;

const strongest = (values: Float32Array, x: Float32Array): number[] =>
  Array.from(values.keys())
    .filter((i) => values[i] !== 0)
    .sort((a, b) => Number(x[a] === 0) - Number(x[b] === 0) || Math.abs(values[b]!) - Math.abs(values[a]!))
    .slice(0, TRIED);
