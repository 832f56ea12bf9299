import type { Size } from '../optimization/picture-size.ts';
import { Viewer } from '../optimization/viewer.ts';

/** The middle of a picture (C×h×w) enlarged by a factor to the size of the whole. */
export function zoomed(picture: Float32Array, size: Size, factor: number): Float32Array {
  const viewer = new Viewer(picture.length / (size[0] * size[1]), size, size);
  const seen = new Float32Array(picture.length);
  viewer.see(picture, { xx: 1 / factor, xy: 0, x0: 0, yx: 0, yy: 1 / factor, y0: 0 }, seen);
  return seen;
}
