import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { fileError, firstLine, LayerscopeError } from '../errors.ts';
import type { Picture } from '../results.ts';
import { decodeByLibjpeg } from './libjpeg.ts';
import { turnedUpright } from './orientation.ts';
import { pictureHeader, type PictureHeader } from './picture-size.ts';

/** Larger pictures are refused before memory is taken for them. */
const MOST_PIXELS = 50e6;
/** More than these no byte of a JPEG stands for, as each block of 64 takes a bit of its own at least, even by the progressive coding. */
const PIXELS_A_BYTE = 1024;
/** Components of a JPEG for print, CMYK or YCCK, which libjpeg leaves to its user to make colours of. */
const INKS = 4;
/** What the decoders say of whole pictures that they can't read: arithmetic coding, lossless ones, 12 bits. */
const UNKNOWN_CODING = /unsupported|sorry|arithmetic|unknown JPEG marker/i;

/**
 * Decodes a PNG or JPEG. Transparency is left out, as Pillow's `convert('RGB')` does it; photos are turned as their camera was held. `name` is for messages.
 * Throws a file error for other formats, damaged files and more than 50 megapixels.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<Picture> {
  const header = pictureHeader(bytes);
  if (header === undefined)
    throw fileError(name, `it is not a PNG or JPEG picture (it begins with ${begin(bytes)}). Save it as one of these.`);
  if (header === 'broken') throw fileError(name, 'the picture is damaged: its header is cut off.');
  const { format, width, height } = header;
  if (width === 0 || height === 0) throw fileError(name, `the picture is damaged: its size is ${width}×${height}.`);
  if (width * height > MOST_PIXELS)
    throw fileError(name, `${width}×${height} pixels are more than ${MOST_PIXELS / 1e6} megapixels. Make it smaller.`);
  if (format === 'JPEG' && width * height > bytes.length * PIXELS_A_BYTE)
    throw fileError(name, `the picture is damaged: ${width}×${height} pixels do not fit in its ${bytes.length} bytes.`);
  try {
    return format === 'PNG' ? decodePng(bytes) : turnedUpright(await decodeJpeg(bytes, header), header.orientation);
  } catch (error) {
    if (error instanceof LayerscopeError) throw error;
    if (UNKNOWN_CODING.test(String(error)))
      throw fileError(name, `the JPEG picture is coded in a rare way (${firstLine(error)}). Save it as a PNG.`, error);
    throw fileError(name, `the ${format} picture is damaged or cut off. Save or copy it again.`, error);
  }
}

function begin(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing: it is empty';
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function decodePng(bytes: Uint8Array): Picture {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return { width, height, rgb };
}

async function decodeJpeg(bytes: Uint8Array, { width, height, components }: PictureHeader): Promise<Picture> {
  if (components !== INKS) return decodeByLibjpeg(bytes, width * height);
  const limits = { maxResolutionInMP: MOST_PIXELS / 1e6, maxMemoryUsageInMB: 1024 };
  const inks = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, ...limits });
  return { width, height, rgb: inks.data };
}
