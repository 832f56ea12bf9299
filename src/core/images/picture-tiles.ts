import type { ImagesResult, Picture } from '../results.ts';

/** The pictures of a result, one by one. */
export function pictureTiles({
  tiles,
  width,
  height,
  rgb,
}: Pick<ImagesResult, 'tiles' | 'width' | 'height' | 'rgb'>): Picture[] {
  const size = width * height * 3;
  return tiles.map((_, n) => ({ width, height, rgb: rgb.subarray(n * size, (n + 1) * size) }));
}
