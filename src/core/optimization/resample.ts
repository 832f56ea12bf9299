import { areaAverage } from '../area-average.ts';
import type { Size } from './picture-size.ts';

/** Planes (C×h×w) at another size: averaged where they shrink, bilinear about pixel centres where they grow. */
export function resample(planes: Float32Array, from: Size, to: Size): Float32Array {
  const area = from[0] * from[1];
  const count = planes.length / area;
  const resized = new Float32Array(count * to[0] * to[1]);
  const shrinks = to[0] <= from[0] && to[1] <= from[1];
  for (let c = 0; c < count; c++)
    resized.set(
      shrinks ? areaAverage(planes, c * area, from, to) : enlarged(planes.subarray(c * area), from, to),
      c * to[0] * to[1],
    );
  return resized;
}

function enlarged(plane: Float32Array, [height, width]: Size, [rows, columns]: Size): Float32Array {
  const grown = new Float32Array(rows * columns);
  const place = (i: number, size: number, old: number) =>
    Math.min(old - 1, Math.max(0, ((i + 0.5) * old) / size - 0.5));
  for (let row = 0; row < rows; row++) {
    const y = place(row, rows, height);
    const upper = Math.floor(y) * width;
    const lower = Math.min(height - 1, Math.floor(y) + 1) * width;
    for (let column = 0; column < columns; column++) {
      const x = place(column, columns, width);
      const left = Math.floor(x);
      const right = Math.min(width - 1, left + 1);
      const mix = (line: number) => plane[line + left]! + (x - left) * (plane[line + right]! - plane[line + left]!);
      grown[row * columns + column] = mix(upper) + (y - Math.floor(y)) * (mix(lower) - mix(upper));
    }
  }
  return grown;
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
