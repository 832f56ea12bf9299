import { blurred } from '../images/blur.ts';

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs. Places where both are zero don't
 * count: outside of a unit's receptive field all maps are alike. 0 where one of both is constant, as then it says nothing of the
 * other.
 */
export function rankCorrelation(first: Float32Array, second: Float32Array): number {
  const counts = (_: number, i: number) => first[i] !== 0 || second[i] !== 0;
  const [a, b] = [first.filter(counts), second.filter(counts)];
  const [ra, rb] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [ra[i]! - mean, rb[i]! - mean];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

function ranks(values: Float32Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) found[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}

/** Of a window's weights. */
const SIGMA = 1.5;
const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

/**
 * Structural similarity of two maps, their mean over all places; each is first scaled by its largest value, so that it lies in
 * 0 to 1. Wang, Bovik, Sheikh & Simoncelli 2004, Image Quality Assessment, §III-B: Gaussian windows, σ 1.5.
 */
export function structuralSimilarity(a: Float32Array, b: Float32Array, width: number, height: number): number {
  const [x, y] = [scaled(a), scaled(b)];
  const mean = (values: Float32Array) => blurred(values, width, height, SIGMA);
  const times = (p: Float32Array, q: Float32Array) => p.map((value, i) => value * q[i]!);
  const [mx, my] = [mean(x), mean(y)];
  const [xx, yy, xy] = [mean(times(x, x)), mean(times(y, y)), mean(times(x, y))];
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [mx[i]!, my[i]!];
    const [vx, vy, vxy] = [xx[i]! - p * p, yy[i]! - q * q, xy[i]! - p * q];
    sum += ((2 * p * q + C1) * (2 * vxy + C2)) / ((p * p + q * q + C1) * (vx + vy + C2));
  }
  return sum / x.length;
}

function scaled(values: Float32Array): Float32Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return largest > 0 ? values.map((value) => value / largest) : values;
}
