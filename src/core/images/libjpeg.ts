import factory, { type MozJPEGModule } from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { initEmscriptenModule } from '@jsquash/jpeg/utils.js';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { engineError, firstLine } from '../errors.ts';
import type { Picture } from '../results.ts';

/** libjpeg as WebAssembly: the pixels are those of Pillow, OpenCV and browsers, which all use it. Its license: Apache 2.0. */
const WASM = 'mozjpeg_dec.wasm';
/** The library's memory grows and never shrinks, so the one that decoded more pixels than these is let go. */
const KEPT_PIXELS = 4e6;
/** Its warnings that mean missing or wrong pixels. Others, as of bytes between two segments, leave the picture whole. */
const DAMAGE = /premature end|bad huffman|instead of RST/i;

interface Decoder {
  readonly library: MozJPEGModule;
  /** What it printed. */
  readonly lines: string[];
}

let compiled: Promise<WebAssembly.Module> | undefined;
let kept: Promise<Decoder> | undefined;

/**
 * Decodes a JPEG of one or three components, `pixels` large. Throws an error that says what the library says of a damaged
 * one, or of a coding that it doesn't know.
 */
export async function decodeByLibjpeg(bytes: Uint8Array, pixels: number): Promise<Picture> {
  const decoder = (kept ??= instance());
  const { library, lines } = await decoder;
  if (kept !== decoder) return decodeByLibjpeg(bytes, pixels); // another picture has used it up meanwhile
  if (pixels > KEPT_PIXELS) kept = undefined;
  lines.length = 0;
  try {
    const decoded = library.decode(bytes as BufferSource, false);
    const damage = lines.find((line) => DAMAGE.test(line));
    if (!decoded || damage !== undefined) throw new Error(damage ?? 'no picture');
    return { width: decoded.width, height: decoded.height, rgb: withoutAlpha(decoded.data) };
  } catch (error) {
    kept = undefined; // an instance that stopped half-way can't be used again
    throw lines.length > 0 ? new Error(lines.at(-1), { cause: error }) : error;
  }
}

async function instance(): Promise<Decoder> {
  const module = await (compiled ??= compile());
  const lines: string[] = [];
  const options = { print: (line: string) => lines.push(line), printErr: (line: string) => lines.push(line) };
  return { library: await initEmscriptenModule(factory, module, options), lines };
}

async function compile(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(await readFile(place()));
  } catch (error) {
    throw engineError(`The library that reads JPEG pictures can't be loaded: ${firstLine(error)}`, error);
  }
}

/** Beside the bundle, or where npm put it. */
function place(): URL | string {
  return import.meta.url.endsWith('.ts')
    ? createRequire(import.meta.url).resolve(`@jsquash/jpeg/codec/dec/${WASM}`)
    : new URL(`./${WASM}`, import.meta.url);
}

function withoutAlpha(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}
