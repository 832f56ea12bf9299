import type { GraphBuilder } from '../builder.ts';

/**
 * What taking values at `positions` along an axis of `size` values (`Gather`, a `Slice` with steps, a mirrored `Pad`) does
 * backwards: each gets the sum of the gradients of those that were taken from it. Gathers again, as often as the most
 * taken value was: they run on any engine, and most are taken once.
 */
export function takenBack(
  builder: GraphBuilder,
  gradient: string,
  rank: number,
  axis: number,
  positions: readonly number[],
  size: number,
): string {
  const takers = Array.from({ length: size }, (): number[] => []);
  positions.forEach((position, i) => takers[position]!.push(i));
  const first = positions[0] ?? 0;
  if (positions.every((position, i) => position === first + i))
    return padAxis(builder, gradient, rank, axis, first, size - first - positions.length);

  const rounds = Math.max(...takers.map((list) => list.length));
  // One more value, a zero, for those that nothing was taken from.
  const nowhere = positions.length;
  const padded = takers.every((list) => list.length === rounds)
    ? gradient
    : padAxis(builder, gradient, rank, axis, 0, 1);
  const parts = Array.from({ length: rounds }, (_, round) =>
    builder.add('Gather', [padded, builder.ints(takers.map((list) => list[round] ?? nowhere))], { axis }),
  );
  return parts.reduce((sum, part) => builder.add('Add', [sum, part]));
}

function padAxis(b: GraphBuilder, tensor: string, rank: number, axis: number, before: number, after: number): string {
  if (before === 0 && after === 0) return tensor;
  const pads = new Array<number>(2 * rank).fill(0);
  pads[axis] = before;
  pads[rank + axis] = after;
  return b.add('Pad', [tensor, b.ints(pads)]);
}
