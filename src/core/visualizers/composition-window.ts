import { prune, withInputSize } from '../graph/passes.ts';
import { receptiveFields } from '../graph/receptive-field.ts';
import { inferShapes } from '../graph/shapes.ts';
import type { Graph, Shape } from '../graph/graph.ts';

type Pair = readonly [number, number];

/** Where in a picture one unit of a layer looks: all pairs are [y, x]. */
export interface CompositionWindow {
  /** Of the picture that the layers below run on. */
  readonly size: Pair;
  /** The unit's position in its map; none for layers without maps. */
  readonly position?: Pair;
  /** The part of the picture that the unit sees: upper left corner, and height and width. */
  readonly start: Pair;
  readonly seen: Pair;
  /** The receptive field is larger than the network's own input, so it is cut off at the border. */
  readonly cut: boolean;
}

/**
 * The smallest picture with a position whose receptive field lies wholly inside, so that no padding is seen; where there is
 * none, or the layers below take no other size, the middle of the network's own input.
 */
export function compositionWindow(graph: Graph, input: string, tensor: string): CompositionWindow {
  const below = prune(graph, [tensor]);
  const shapes = inferShapes(below);
  const own = shapes.get(input)!.slice(2) as unknown as Pair;
  const shape = shapes.get(tensor)!;
  const field = receptiveFields(below, shapes).get(tensor);
  const whole = { size: own, start: [0, 0], seen: own, cut: false } as const;
  if (shape.length !== 4) return whole;
  const middle = both((i) => Math.floor(shape[i + 2]! / 2));
  if (!field || field.stride.some((stride) => stride <= 0)) return { ...whole, position: middle };

  const first = both((i) => Math.max(0, Math.ceil(-field.start[i] / field.stride[i])));
  const corner = both((i) => field.start[i] + first[i] * field.stride[i]);
  const least = both((i) => corner[i] + field.size[i]);
  if (least.every((size, i) => size <= own[i]!) && holds(below, input, tensor, least, first))
    return { size: least, position: first, start: corner, seen: field.size, cut: false };

  const start = both((i) => Math.max(0, Math.floor(field.start[i] + middle[i] * field.stride[i])));
  const end = both((i) => Math.min(own[i], Math.ceil(field.start[i] + middle[i] * field.stride[i] + field.size[i])));
  const seen = both((i) => end[i] - start[i]);
  return { size: own, position: middle, start, seen, cut: field.size.some((size, i) => size > seen[i]!) };
}

const both = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];

function holds(below: Graph, input: string, tensor: string, size: Pair, [y, x]: Pair): boolean {
  if (!size.every(Number.isInteger)) return false;
  let shape: Shape | undefined;
  try {
    shape = inferShapes(withInputSize(below, input, ...size)).get(tensor);
  } catch {
    return false; // a layer below wants another size
  }
  return shape?.length === 4 && shape[2]! > y && shape[3]! > x;
}
