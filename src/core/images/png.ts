import { PNG } from 'pngjs';
import type { Picture } from '../results.ts';

/** An 8-bit RGB PNG file. */
export function encodePng({ width, height, rgb }: Picture): Uint8Array {
  const png = new PNG({ width, height });
  png.data = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false });
}
