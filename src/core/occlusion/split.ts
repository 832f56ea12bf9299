import type { Graph, Node } from '../graph/graph.ts';
import { nodeFlops } from '../graph/costs.ts';
import { after, prune, withInputSize } from '../graph/passes.ts';
import { receptiveFields, type ReceptiveField } from '../graph/receptive-field.ts';
import { inferShapes, type Shapes } from '../graph/shapes.ts';
import { elements } from '../graph/tensor.ts';
import { waistsOf } from '../graph/waists.ts';
import type { Windows } from './windows.ts';

/** From `first` on, `count` positions along an axis of the maps, which a crop from `from` on gives. */
export interface Part {
  readonly first: number;
  readonly count: number;
  /** Of the crop, in pixels of the picture. */
  readonly from: number;
}

/** A forward pass in two: what lies around the window up to some maps, then the rest of the network on all of them. */
export interface Split {
  /** From a crop of the picture to the same tensor for it. */
  readonly lower: Graph;
  /** From the tensor to the outputs. */
  readonly upper: Graph;
  readonly tensor: string;
  /** C×h×w of the whole picture's. */
  readonly shape: readonly [number, number, number];
  /** Of every crop: height, width. */
  readonly crop: readonly [number, number];
  /** Pixels of the picture between neighbours of the maps: y, x. */
  readonly stride: readonly [number, number];
  /** By row, and by column, of windows: what it changes. */
  readonly rows: readonly Part[];
  readonly columns: readonly Part[];
}

/** Operators whose answer at a place depends on what is near it, in the same way everywhere. */
const LOCAL = new Set(
  (
    'Conv MaxPool AveragePool BatchNormalization LRN Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh ' +
    'Softplus Softsign Gelu Mish Clip Abs Neg Exp Sqrt Erf Identity Add Sub Mul Div Max Min Concat'
  ).split(' '),
);

/** Operations in the time that it takes to bring one value of the maps from one run to the next. */
const MOVED = 500;
/** Two runs and what goes between them, in parts of the whole pass: it has to save more. */
const LEAST_SAVED = 0.15;

/**
 * The split that takes the least time, counted in operations; undefined where none saves enough. Only what a window changes is computed up to the
 * maps; beside it they are those of the whole picture. The crop is larger than the window by the receptive field on either side, and
 * begins at a multiple of the stride, so that padding and pooling fall as in the whole.
 */
export function splitProgram(program: Graph, input: string, windows: Windows): Split | undefined {
  const shapes = inferShapes(program);
  const whole = flopsOf(program, shapes);
  let best: Split | undefined;
  let least = (1 - LEAST_SAVED) * whole;
  for (const { tensor } of waistsOf(program, input)) {
    const lower = prune(program, [tensor]);
    if (!isLocal(lower, input, shapes)) break;
    const split = splitAt(program, lower, { input, tensor, shapes, windows });
    if (!split) continue;
    const moved = MOVED * elements(split.shape);
    const flops = flopsOf(split.lower, inferShapes(split.lower)) + flopsOf(split.upper, shapes) + moved;
    if (flops >= least) continue;
    least = flops;
    best = split;
  }
  return best;
}

const flopsOf = (graph: Graph, shapes: Shapes) =>
  [...nodeFlops(graph, shapes).values()].reduce((sum, count) => sum + count, 0);

/** Whether a graph treats every place of the picture alike. */
function isLocal(graph: Graph, input: string, shapes: Shapes): boolean {
  const seen = new Set([input]);
  const isPlain = (name: string) => {
    const [height = 1, width = 1] = (shapes.get(name) ?? []).slice(2);
    return name === '' || seen.has(name) || height * width === 1;
  };
  return graph.nodes.every((node) => {
    if (!node.inputs.some((name) => seen.has(name))) return true;
    for (const name of node.outputs) seen.add(name);
    return LOCAL.has(node.op) && shapes.get(node.outputs[0]!)?.length === 4 && isAlike(node, isPlain);
  });
}

/** What else goes into a node is the same at each place: kernels, and one number a channel. */
const isAlike = (node: Node, isPlain: (name: string) => boolean) =>
  (node.op === 'Conv' ? node.inputs.slice(0, 1) : node.inputs).every(isPlain);

interface Place {
  readonly input: string;
  readonly tensor: string;
  readonly shapes: Shapes;
  readonly windows: Windows;
}

function splitAt(program: Graph, lower: Graph, { input, tensor, shapes, windows }: Place): Split | undefined {
  const field = receptiveFields(lower, shapes).get(tensor)!;
  const [batch, channels, h, w] = shapes.get(tensor) as readonly [number, number, number, number];
  const { picture, rows, columns, height, width } = windows;
  const y = alongAxis(field, 0, { size: picture.height, positions: h, starts: rows, window: height });
  const x = alongAxis(field, 1, { size: picture.width, positions: w, starts: columns, window: width });
  if (!y || !x || y.crop * x.crop === picture.height * picture.width) return undefined;
  const shape = [channels, h, w] as const;
  return {
    lower: withInputSize(lower, input, y.crop, x.crop),
    upper: after(program, tensor, [batch, ...shape]),
    tensor,
    shape,
    crop: [y.crop, x.crop],
    stride: field.stride,
    rows: y.parts,
    columns: x.parts,
  };
}

interface Axis {
  /** Pixels, and positions of the maps. */
  readonly size: number;
  readonly positions: number;
  /** Of the windows. */
  readonly starts: readonly number[];
  readonly window: number;
}

/** The smallest crop that serves all windows along an axis. */
function alongAxis(field: ReceptiveField, axis: 0 | 1, { size, positions, starts, window }: Axis) {
  const [reach, stride, start] = [field.size[axis], field.stride[axis], field.start[axis]];
  if (!Number.isInteger(stride) || stride < 1) return undefined;
  const changed = starts.map((from) => {
    const first = Math.max(0, Math.ceil((from - start - reach + 1) / stride));
    const last = Math.min(positions - 1, Math.floor((Math.min(from + window, size) - 1 - start) / stride));
    return { first, count: Math.max(0, last - first + 1) };
  });
  // The crop's size differs from the picture's by whole strides, so that its last position is the picture's.
  for (let crop = size - Math.floor((size - 1) / stride) * stride; crop <= size; crop += stride) {
    if (crop < reach && crop < size) continue;
    const parts = changed.map(({ first, count }) => {
      const wanted = Math.max(0, Math.floor((start + first * stride) / stride) * stride);
      return { first, count, from: Math.min(size - crop, wanted) };
    });
    const seen = ({ first, count, from }: Part) =>
      from + crop >= Math.min(size, start + (first + count - 1) * stride + reach);
    if (parts.every(seen)) return { crop, parts };
  }
  return undefined;
}
