import { decodeImage } from '../core/images/decode.ts';
import { encodeJpeg } from '../core/images/jpeg.ts';
import { resize } from '../core/images/resize.ts';
import type { HoverPicture } from '../protocol/worker.ts';

/** A hover's text is cut at 100,000 characters; base64 makes these bytes under 90,000. */
const MOST_BYTES = 66_000;
/** Pixels of a picture's longer side at most, tried one after the other. Each trial takes a fifth of a second. */
const SIDES = [80, 64, 48, 32];
const QUALITY = 88;

/** PNG files as the largest pictures that fit into one hover together. */
export async function hoverTiles(pngs: readonly Uint8Array[]): Promise<HoverPicture[]> {
  const pictures = await Promise.all(pngs.map((png) => decodeImage(png, 'thumbnail')));
  let files: HoverPicture[] = [];
  for (const side of SIDES) {
    files = pictures.map((picture) => {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const [width, height] = [picture.width, picture.height].map((size) => Math.max(1, Math.round(size * scale)));
      return { width: width!, height: height!, jpeg: encodeJpeg(resize(picture, width!, height!), QUALITY) };
    });
    if (files.reduce((sum, { jpeg }) => sum + jpeg.length, 0) <= MOST_BYTES) break;
  }
  return files;
}
