import { orientationOf } from './orientation.ts';

/** What a picture file's header says, read before anything is decoded. */
export interface PictureHeader {
  readonly format: 'PNG' | 'JPEG';
  readonly width: number;
  readonly height: number;
  /** How the camera was held, see `orientationOf`. */
  readonly orientation: number;
  /** 1 grey, 3 colours, 4 inks; of a PNG what it is decoded to. */
  readonly components: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const EXIF = [0x45, 0x78, 0x69, 0x66, 0];
const APP1 = 0xe1;

/** The header of a PNG or JPEG; undefined for any other bytes, `broken` where it stops short. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | 'broken' | undefined {
  if (PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) return pngHeader(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegHeader(bytes);
  return undefined;
}

function pngHeader(bytes: Uint8Array): PictureHeader | 'broken' {
  if (bytes.length < 33) return 'broken';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { format: 'PNG', width: view.getUint32(16), height: view.getUint32(20), orientation: 1, components: 4 };
}

function jpegHeader(bytes: Uint8Array): PictureHeader | 'broken' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  let orientation = 1;
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return 'broken';
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // padding
      continue;
    }
    // Start of frame, whichever coding; C4, C8 and CC in that range mean other things.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { format: 'JPEG', width, height, orientation, components: bytes[at + 9]! };
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === APP1 && EXIF.every((byte, i) => bytes[at + 4 + i] === byte))
      orientation = orientationOf(bytes.subarray(at + 4 + EXIF.length, end));
    at = end;
  }
  return 'broken';
}
