import type { Size } from '../optimization/picture-size.ts';

/** Octaves stay at least this large, but for a picture that is smaller itself. */
const LEAST = 32;

/** The sizes that a dream works on, each `ratio` times the one before; the picture's own is the last. */
export function octaveSizes(own: Size, { octaves, ratio }: { octaves: number; ratio: number }): Size[] {
  const sizes = Array.from({ length: octaves }, (_, i): Size => {
    const factor = ratio ** (octaves - 1 - i);
    return [Math.round(own[0] / factor), Math.round(own[1] / factor)];
  });
  return sizes.filter((size, i) => i === octaves - 1 || Math.min(...size) >= LEAST);
}
