import jpeg from 'jpeg-js';
import type { Picture } from '../results.ts';

/** A picture as a JPEG file; `quality` 1 to 100. Where bytes count more than the last bit: a PNG of noise is its raw bytes. */
export function encodeJpeg({ width, height, rgb }: Picture, quality: number): Uint8Array {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0, from = 0; i < data.length; i += 4, from += 3) data.set(rgb.subarray(from, from + 3), i);
  return jpeg.encode({ width, height, data }, quality).data;
}
