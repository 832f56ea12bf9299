export type Range = readonly [low: number, high: number];

interface RangeOptions {
  /** Both sides of zero mean opposite things: the range is symmetric about zero. */
  readonly signed?: boolean;
  /** 0..100: how much of the values lies within; 99 leaves the largest hundredth out. */
  readonly percentile?: number;
  /** The end of the range is at least here. */
  readonly least?: number | undefined;
}

/**
 * The values that a colour map spreads over: from the least to the percentile, or, signed, as far to both sides of zero as the
 * percentile of the magnitudes. Of a map that is zero nearly everywhere the percentile is that of its other values. Values that
 * are no numbers don't count; without any it is 0 to 0.
 */
export function range(values: Float32Array, { signed = false, percentile = 100, least = 0 }: RangeOptions = {}): Range {
  const finite = values.filter(Number.isFinite);
  const sorted = (signed ? finite.map(Math.abs) : finite).sort();
  const all = quantile(sorted, percentile / 100);
  const own = all === 0 ? quantile(sorted.subarray(firstAbove(sorted, 0)), percentile / 100) : all;
  const high = least > 0 ? Math.max(own, least) : own;
  return signed ? [-high, high] : [sorted[0] ?? 0, high];
}

function firstAbove(sorted: Float32Array, limit: number): number {
  const first = sorted.findIndex((value) => value > limit);
  return first < 0 ? sorted.length : first;
}

/** Linear between neighbours, as numpy's. `sorted`: ascending; of none it is 0. */
export function quantile(sorted: Float32Array, part: number): number {
  if (sorted.length === 0) return 0;
  const at = Math.min(1, Math.max(0, part)) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}
