import { elements } from '../../graph/tensor.ts';

/** Steps by axis through values of `shape` that are broadcast to `to`: none along an axis of size 1. */
function strides(shape: readonly number[], to: readonly number[]): number[] {
  const offset = to.length - shape.length;
  const found = to.map(() => 0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    found[axis + offset] = shape[axis] === 1 ? 0 : step;
    step *= shape[axis]!;
  }
  return found;
}

/**
 * Calls `row` for each row of the shape `to`, to which the `shapes` are broadcast: where it begins in the result and in each
 * of them, its length, and how far each of them steps along it (0 or 1). Rows are as long as the shapes let them.
 */
export function eachRow(
  to: readonly number[],
  shapes: readonly (readonly number[])[],
  row: (at: number, from: readonly number[], length: number, steps: readonly number[]) => void,
): void {
  const all = shapes.map((shape) => strides(shape, to));
  let inner = to.length - 1;
  while (inner > 0 && to[inner] === 1) inner--;
  const steps = all.map((by) => by[inner] ?? 0);
  let length = to[inner] ?? 1;
  // Axes join the row while every shape goes on stepping evenly.
  while (inner > 0 && all.every((by, i) => to[inner - 1] === 1 || by[inner - 1] === steps[i]! * length))
    length *= to[--inner]!;
  const outer = to.slice(0, Math.max(0, inner));
  const index = outer.map(() => 0);
  const from = shapes.map(() => 0);
  const total = elements(to);
  for (let at = 0; at < total; at += length) {
    row(at, from, length, steps);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      for (let i = 0; i < all.length; i++) from[i]! += all[i]![axis]!;
      if (index[axis]! < outer[axis]!) break;
      for (let i = 0; i < all.length; i++) from[i]! -= all[i]![axis]! * outer[axis]!;
      index[axis] = 0;
    }
  }
}
