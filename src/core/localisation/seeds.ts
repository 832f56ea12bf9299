import { quantile } from '../images/range.ts';
import type { Seeds } from './graph-cut.ts';

/**
 * Foreground: values of at least the quantile `foreground` (0..1) that are above zero; background: magnitudes of at most the quantile
 * `background`. For maps without a sign these are Simonyan's seeds; in one with a sign what speaks against the class
 * belongs to neither.
 */
export function seedsOf(map: Float32Array, foreground: number, background: number): Seeds {
  const magnitudes = map.map(Math.abs);
  const high = quantile(map.slice().sort(), foreground);
  const low = quantile(magnitudes.slice().sort(), background);
  const front = Uint8Array.from(map, (value) => (value >= high && value > 0 ? 1 : 0));
  return {
    foreground: front,
    background: Uint8Array.from(magnitudes, (value, i) => (value <= low && !front[i] ? 1 : 0)),
  };
}
