import { encode } from 'modern-gif';
import type { ImagesResult } from '../../core/results.ts';
import type { Chosen } from '../state/stimuli.svelte.ts';

/** Milliseconds that a frame is seen, and the last one. */
const FRAME = 100;
const LAST = 1500;
/** Pixels of a side that small pictures are enlarged to, about. */
const SIDE = 224;
/** Frames that an animation has at most. */
const MOST = 64;

/** RGB bytes of one of a result's pictures. */
export function bytesOf({ width, height, rgb }: ImagesResult, index: number): Uint8Array {
  const length = width * height * 3;
  return rgb.subarray(index * length, (index + 1) * length);
}

/** The frames of a picture's animation: as it formed; of a run that makes frames, those. RGB bytes of the result's size. */
export function framesOf({ made, index }: Chosen): readonly Uint8Array[] {
  const { result, reel, request } = made;
  if (!result) return [];
  if (Number(request.params?.['frames'] ?? 1) > 1) {
    const step = Math.ceil(result.tiles.length / MOST);
    return result.tiles.flatMap((_, n) => (n % step === 0 ? [bytesOf(result, n)] : []));
  }
  const last = bytesOf(result, index);
  return [...reel.pictures(index).filter((picture) => !same(picture, last)), last];
}

/** A GIF file that begins again and again, the last frame longer; pixels stay square. */
export async function toGif(
  frames: readonly Uint8Array[],
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.max(1, Math.round(SIDE / Math.max(width, height)));
  const file = await encode({
    width: width * scale,
    height: height * scale,
    looped: true,
    frames: frames.map((rgb, n) => ({
      data: enlarged(rgb, width, height, scale),
      delay: n === frames.length - 1 ? LAST : FRAME,
    })),
  });
  return new Uint8Array(file);
}

/** RGBA with 32 levels a channel, more than a palette of 256 colours tells apart: finding one is quick then. */
function enlarged(rgb: Uint8Array, width: number, height: number, scale: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * scale * scale * 4).fill(255);
  for (let y = 0, to = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++, to += 4) {
      const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
      for (let c = 0; c < 3; c++) rgba[to + c] = (rgb[from + c]! >> 3) * (255 / 31);
    }
  return rgba;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
