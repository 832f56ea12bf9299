import type { Picture } from '../results.ts';

/** Of an upright picture, and of data that says nothing of it. */
const UPRIGHT = 1;
/** The tag of the orientation in the first directory, and the type of its value. */
const TAG = 0x0112;
const SHORT = 3;

/**
 * How a camera was held: 1 upright, 2 to 8 mirrored or turned, as the Exif data of a JPEG says (Exif 2.3, §4.6; what
 * follows `Exif\0`: another zero and a TIFF header); 1 where that says nothing, or is damaged.
 */
export function orientationOf(exif: Uint8Array | undefined): number {
  if (!exif || exif.length < 9) return UPRIGHT;
  const view = new DataView(exif.buffer, exif.byteOffset + 1, exif.byteLength - 1);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return UPRIGHT;
  const entries = view.getUint16(directory, little);
  for (let n = 0; n < entries; n++) {
    const at = directory + 2 + 12 * n;
    if (at + 12 > view.byteLength) return UPRIGHT;
    if (view.getUint16(at, little) !== TAG || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/** The picture as it is to be seen: as browsers show it. */
export function turnedUpright(picture: Picture, orientation: number): Picture {
  if (orientation === UPRIGHT) return picture;
  const { width, height, rgb } = picture;
  const lies = orientation >= 5;
  const [wide, high] = lies ? [height, width] : [width, height];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const turned = new Uint8Array(rgb.length);
  for (let y = 0, to = 0; y < high; y++)
    for (let x = 0; x < wide; x++, to += 3) {
      const [column, row] = lies ? [y, x] : [x, y];
      const from = 3 * ((fromBelow ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column));
      turned[to] = rgb[from]!;
      turned[to + 1] = rgb[from + 1]!;
      turned[to + 2] = rgb[from + 2]!;
    }
  return { width: wide, height: high, rgb: turned };
}
