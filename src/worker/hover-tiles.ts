import { decodeImage } from '../core/images/decode.ts';
import { encodeJpeg } from '../core/images/jpeg.ts';
import { resize } from '../core/images/resize.ts';
import type { Picture } from '../core/results.ts';
import type { HoverPicture } from '../protocol/worker.ts';

/** A hover's text is cut at 100,000 characters; base64 makes these bytes under 90,000. */
const MOST_BYTES = 66_000;
/** Pixels of a tile's side, tried one after the other. */
const SIDES = [128, 112, 96, 80, 72, 64, 48, 32];
const QUALITY = 88;
const COLUMNS = 3;
const GREY = 128;

/** PNG files three in a row, a grey line between them, as one picture: a hover shows one faster than nine. */
export const contactSheet = (pngs: readonly Uint8Array[]): HoverPicture => fitting((side) => [sheetOf(pngs, side)])[0]!;

/** PNG files as pictures that fit into one hover together. */
export const hoverTiles = (pngs: readonly Uint8Array[]): HoverPicture[] =>
  fitting((side) => pngs.map((png) => squareOf(png, side)));

/** The largest that fit. */
function fitting(draw: (side: number) => Picture[]): HoverPicture[] {
  let files: HoverPicture[] = [];
  for (const side of SIDES) {
    files = draw(side).map((picture) => ({
      width: picture.width,
      height: picture.height,
      jpeg: encodeJpeg(picture, QUALITY),
    }));
    if (files.reduce((sum, { jpeg }) => sum + jpeg.length, 0) <= MOST_BYTES) break;
  }
  return files;
}

const squareOf = (png: Uint8Array, side: number): Picture => resize(decodeImage(png, 'thumbnail'), side, side);

function sheetOf(pngs: readonly Uint8Array[], side: number): Picture {
  const columns = Math.min(COLUMNS, pngs.length);
  const rows = Math.ceil(pngs.length / columns);
  const gap = Math.round(side / 16);
  const width = columns * (side + gap) - gap;
  const height = rows * (side + gap) - gap;
  const rgb = new Uint8Array(width * height * 3).fill(GREY);
  pngs.forEach((png, n) => {
    const tile = squareOf(png, side);
    const left = (n % columns) * (side + gap);
    const top = Math.floor(n / columns) * (side + gap);
    for (let y = 0; y < side; y++)
      rgb.set(tile.rgb.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
  });
  return { width, height, rgb };
}
