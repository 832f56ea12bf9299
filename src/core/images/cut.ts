import type { Box, Picture } from '../results.ts';

export type Corners = Pick<Box, 'x0' | 'y0' | 'x1' | 'y1'>;

/** The smallest rectangle that holds all values that are not zero, of planes of height × width; undefined where all are. */
export function extent(planes: readonly Float32Array[], width: number, height: number): Corners | undefined {
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (const plane of planes)
    plane.forEach((value, i) => {
      if (value === 0) return;
      const x = i % width;
      const y = Math.floor(i / width) % height;
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
    });
  return x1 > x0 ? { x0, y0, x1, y1 } : undefined;
}

/** A part of a picture. */
export function cut({ width, rgb }: Picture, { x0, y0, x1, y1 }: Corners): Picture {
  const part = new Uint8Array((x1 - x0) * (y1 - y0) * 3);
  for (let y = y0; y < y1; y++)
    part.set(rgb.subarray((y * width + x0) * 3, (y * width + x1) * 3), (y - y0) * (x1 - x0) * 3);
  return { width: x1 - x0, height: y1 - y0, rgb: part };
}
