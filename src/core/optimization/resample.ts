import { BYTES, inFours, kernels, workspace } from '../vectors/memory.ts';
import type { Size } from './picture-size.ts';

/** Planes (C×h×w) at another size: along each axis averaged where they shrink, bilinear about pixel centres where they grow. */
export function resample(planes: Float32Array, from: Size, to: Size): Float32Array {
  const [height, width] = from;
  const [rows, columns] = to;
  const [down, across] = [mixture(height, rows), mixture(width, columns)];
  // Lines begin at whole fours.
  const line = inFours(width);
  const numbers = [rows, down.weights.length, columns, across.weights.length] as const;
  const { space, starts } = workspace(height * line, rows * line, rows * columns, ...numbers);
  const [plane, mixed, made, firstDown, weightsDown, firstAcross, weightsAcross] = starts;
  const placed = ({ first, weights, taps }: Mixture, firstAt: number, weightsAt: number) => {
    new Int32Array(space.buffer).set(first, firstAt);
    space.set(weights, weightsAt);
    return [firstAt * BYTES, weightsAt * BYTES, taps] as const;
  };
  const lines = placed(down, firstDown, weightsDown);
  const ofLines = placed(across, firstAcross, weightsAcross);
  const resized = new Float32Array((planes.length / (height * width)) * rows * columns);
  for (let start = 0, end = 0; start < planes.length; start += height * width, end += rows * columns) {
    for (let y = 0; y < height; y++)
      space.set(planes.subarray(start + y * width, start + (y + 1) * width), plane + y * line);
    kernels().mixLines(rows, mixed * BYTES, plane * BYTES, line, ...lines);
    kernels().mixColumns(columns, made * BYTES, mixed * BYTES, rows, line * BYTES, ...ofLines);
    resized.set(space.subarray(made, made + rows * columns), end);
  }
  return resized;
}

/** How new lines are mixed of old ones: of each the first that counts, and so many weights, which sum to one. */
interface Mixture {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly taps: number;
}

function mixture(size: number, newSize: number): Mixture {
  const scale = size / newSize;
  const taps = Math.min(size, newSize < size ? Math.ceil(scale) + 1 : 2);
  const first = new Int32Array(newSize);
  const weights = new Float32Array(newSize * taps);
  const place = (i: number) => Math.min(size - 1, Math.max(0, (i + 0.5) * scale - 0.5));
  /** How much of an old line a new one has: of what it covers, or by how near it is. */
  const weight = (i: number, old: number) =>
    scale > 1
      ? Math.max(0, Math.min((i + 1) * scale, old + 1) - Math.max(i * scale, old)) / scale
      : Math.max(0, 1 - Math.abs(place(i) - old));
  for (let i = 0; i < newSize; i++) {
    first[i] = Math.min(size - taps, Math.floor(scale > 1 ? i * scale : place(i)));
    for (let k = 0; k < taps; k++) weights[i * taps + k] = weight(i, first[i]! + k);
  }
  return { first, weights, taps };
}

/** Planes shifted round: what leaves on one side comes in on the other. */
export function roll(planes: Float32Array, [height, width]: Size, dy: number, dx: number): Float32Array {
  const rolled = new Float32Array(planes.length);
  const wrap = (value: number, size: number) => ((value % size) + size) % size;
  for (let start = 0; start < planes.length; start += height * width)
    for (let y = 0; y < height; y++) {
      const from = start + y * width;
      const to = start + wrap(y + dy, height) * width;
      const split = wrap(dx, width);
      rolled.set(planes.subarray(from, from + width - split), to + split);
      rolled.set(planes.subarray(from + width - split, from + width), to);
    }
  return rolled;
}
