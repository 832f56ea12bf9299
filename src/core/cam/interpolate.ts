export type Interpolation = 'bilinear' | 'nearest';

/** By new position: the two old ones between which it lies, and how far it is from the first to the second. */
interface Place {
  readonly low: number;
  readonly high: number;
  readonly part: number;
}

/**
 * A map in another size, height × width: pixels are squares, so the corners' centres do not meet (PyTorch's `interpolate` with
 * `align_corners=False`). Nearest: the old pixel in which the new one begins.
 */
export function interpolate(
  map: Float32Array,
  from: readonly [height: number, width: number],
  to: readonly [height: number, width: number],
  how: Interpolation,
): Float32Array {
  const place = how === 'bilinear' ? between : beginning;
  const rows = Array.from({ length: to[0] }, (_, i) => place(i, from[0], to[0]));
  const columns = Array.from({ length: to[1] }, (_, i) => place(i, from[1], to[1]));
  const result = new Float32Array(to[0] * to[1]);
  rows.forEach(({ low: y0, high: y1, part: dy }, y) =>
    columns.forEach(({ low: x0, high: x1, part: dx }, x) => {
      const at = (row: number) => (1 - dx) * map[row * from[1] + x0]! + dx * map[row * from[1] + x1]!;
      result[y * to[1] + x] = (1 - dy) * at(y0) + dy * at(y1);
    }),
  );
  return result;
}

function between(i: number, from: number, to: number): Place {
  const centre = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
  const low = Math.floor(centre);
  return { low, high: Math.min(from - 1, low + 1), part: centre - low };
}

function beginning(i: number, from: number, to: number): Place {
  const low = Math.min(from - 1, Math.floor((i * from) / to));
  return { low, high: low, part: 0 };
}
