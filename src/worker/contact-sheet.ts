import { decodeImage } from '../core/images/decode.ts';
import { encodePng } from '../core/images/png.ts';
import { resize } from '../core/images/resize.ts';

/** A hover's text is cut at 100,000 characters; base64 makes these bytes under 90,000. */
const MOST_BYTES = 66_000;
/** Pixels of a tile's side, tried one after the other: noise hardly compresses, strokes do. */
const SIDES = [128, 112, 96, 80, 72, 64, 56, 52, 48, 40, 32];
const COLUMNS = 3;
const GREY = 128;

/** Three in a row, a grey line between them, as one PNG: a hover shows one picture faster than nine. */
export function contactSheet(pngs: readonly Uint8Array[]): Uint8Array {
  let sheet = new Uint8Array();
  for (const side of SIDES) {
    sheet = new Uint8Array(sheetOf(pngs, side));
    if (sheet.length <= MOST_BYTES) break;
  }
  return sheet;
}

function sheetOf(pngs: readonly Uint8Array[], side: number): Uint8Array {
  const columns = Math.min(COLUMNS, pngs.length);
  const rows = Math.ceil(pngs.length / columns);
  const gap = Math.round(side / 16);
  const width = columns * (side + gap) - gap;
  const height = rows * (side + gap) - gap;
  const rgb = new Uint8Array(width * height * 3).fill(GREY);
  pngs.forEach((png, n) => {
    const tile = resize(decodeImage(png, 'thumbnail'), side, side);
    const left = (n % columns) * (side + gap);
    const top = Math.floor(n / columns) * (side + gap);
    for (let y = 0; y < side; y++)
      rgb.set(tile.rgb.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
  });
  return encodePng({ width, height, rgb });
}
