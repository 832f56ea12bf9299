import type { ImagesResult } from '../../core/results.ts';

/** RGB bytes of one of a result's pictures. */
export function bytesOf({ width, height, rgb }: ImagesResult, index: number): Uint8Array {
  const length = width * height * 3;
  return rgb.subarray(index * length, (index + 1) * length);
}
