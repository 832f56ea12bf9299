import { usageError } from '../errors.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { receptiveFields } from '../graph/receptive-field.ts';
import { inferShapes, type Shapes } from '../graph/shapes.ts';
import type { Graph } from '../graph/graph.ts';
import type { TransformRanges } from './transforms.ts';

export type Size = readonly [height: number, width: number];

/** Smaller pictures are too small to be looked at, whatever little of them a unit sees. */
const LEAST = 32;
/** Receptive fields are rounded up to a multiple of this. */
const STEP = 4;

interface Question {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** The graph's input for the picture, N×C×H×W. */
  readonly input: string;
  readonly tensor: string;
  /** What is asked for; 0: automatic. */
  readonly wanted: number | Size;
}

/**
 * How large a picture for a unit of `tensor` is: its receptive field, rounded up, at least 32 pixels, at most the network's own
 * input; the input's own size where the layers below take no other. Throws a usage error when another is wanted there.
 */
export function pictureSize(question: Question): { readonly size: Size; readonly fixed: boolean } {
  const { graph, shapes, input, tensor, wanted } = question;
  const [, , height, width] = shapes.get(input) as unknown as readonly [number, number, number, number];
  const own: Size = [height, width];
  const field = receptiveFields(graph, shapes).get(tensor)?.size ?? own;
  const comfortable = (i: 0 | 1) => Math.min(own[i], Math.max(LEAST, Math.ceil(field[i] / STEP) * STEP));
  const automatic: Size = [comfortable(0), comfortable(1)];
  const size = typeof wanted !== 'number' ? wanted : wanted > 0 ? ([wanted, wanted] as const) : automatic;
  const isOwn = size[0] === own[0] && size[1] === own[1];
  const free = takesSize(question, [height + 2 * STEP, width + 2 * STEP]);
  if (free && (isOwn || takesSize(question, size))) return { size, fixed: false };
  if (size !== automatic && !isOwn) {
    const asked = typeof wanted === 'number' ? `size ${wanted}` : `a picture of ${size.join('×')}`;
    const taken = free ? 'larger pictures, or others' : `pictures of ${height}×${width} only`;
    throw usageError(`${asked}: this layer takes ${taken}. Leave size at 0.`);
  }
  return { size: own, fixed: true };
}

function takesSize({ graph, input, tensor }: Question, size: Size): boolean {
  try {
    return inferShapes(withInputSize(prune(graph, [tensor]), input, ...size)).has(tensor);
  } catch {
    return false;
  }
}

/** Lucid's own size: from it on, its padding is as it is. */
const FULL = 128;
/** From this size on, its shifts are. */
const SHIFTED = 64;

export interface Transforms extends TransformRanges {
  readonly pad: number;
}

/**
 * The transforms for pictures of this size. Those that are left at their defaults suit small pictures: shifts shrink in
 * proportion below 64 pixels, as 8 would take a digit of 28 apart; below 128 there is as much grey as shifts reach.
 */
export function transformsFor([height, width]: Size, given: Transforms, defaults: Transforms): Transforms {
  const least = Math.min(height, width);
  const shrunk = (name: 'jitter' | 'jitter2') =>
    given[name] === defaults[name] ? Math.round(given[name] * Math.min(1, least / SHIFTED)) : given[name];
  const jitter = shrunk('jitter');
  const jitter2 = shrunk('jitter2');
  const pad = given.pad === defaults.pad && least < FULL ? (jitter + jitter2) / 2 : given.pad;
  return { ...given, jitter, jitter2, pad };
}

/**
 * The window through which the network sees the picture: what Lucid's padding and shifts leave, at most the network's own
 * input or the picture, whichever is larger; of the input's size where no other fits.
 */
export function windowSize(size: Size, fixed: boolean, own: Size, { pad, jitter, jitter2 }: Transforms): Size {
  const axis = (i: 0 | 1) =>
    fixed ? own[i] : Math.max(1, Math.min(Math.round(size[i] + 2 * pad - jitter - jitter2), Math.max(size[i], own[i])));
  return [axis(0), axis(1)];
}
