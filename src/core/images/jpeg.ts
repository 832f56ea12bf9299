import jpeg from 'jpeg-js';
import type { Picture } from '../results.ts';

/** A picture as a JPEG file; `quality` 1 to 100. Where bytes count more than the last bit: a PNG of noise is its raw bytes. */
export function encodeJpeg({ width, height, rgb }: Picture, quality: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let to = 0, from = 0; to < data.length; to += 4, from += 3) {
    data[to] = rgb[from]!;
    data[to + 1] = rgb[from + 1]!;
    data[to + 2] = rgb[from + 2]!;
    data[to + 3] = 255;
  }
  return jpeg.encode({ width, height, data }, quality).data;
}
