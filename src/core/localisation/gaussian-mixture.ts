import { random, type Random } from '../optimization/random.ts';
import { cholesky, logDeterminant, mahalanobis } from './cholesky.ts';

interface Component {
  /** log of weight / √((2π)^d · det Σ) */
  readonly scale: number;
  readonly mean: Float64Array;
  /** Lower triangle L of Σ = L·Lᵀ, d × d. */
  readonly factor: Float64Array;
}

export interface GaussianMixture {
  /** log p of every point. `points`: count × d. */
  logDensity(points: Float32Array): Float64Array;
}

interface Options {
  readonly components: number;
  readonly seed: number;
  /** Added to every variance: colours of one value keep a density. */
  readonly regularisation: number;
}

const STEPS = 40;
/** EM has ended when a point's log p grows by less in the mean. */
const ENOUGH = 1e-4;

/**
 * A mixture of Gaussians with full covariances, by expectation-maximisation from k-means++ seeds (Arthur & Vassilvitskii 2007).
 * `points`: count × dimensions, at least one. Fewer components where there are fewer different points.
 */
export function fitMixture(points: Float32Array, dimensions: number, options: Options): GaussianMixture {
  const count = points.length / dimensions;
  const means = seeds(points, dimensions, options.components, random(options.seed));
  let shares = nearestShares(points, dimensions, means);
  let components = maximise(points, dimensions, means.length, shares, options.regularisation);
  let before = -Infinity;
  for (let step = 0; step < STEPS; step++) {
    const { responsibilities, logLikelihood } = expect(points, dimensions, components);
    if (logLikelihood / count - before < ENOUGH) break;
    before = logLikelihood / count;
    shares = responsibilities;
    components = maximise(points, dimensions, components.length, shares, options.regularisation);
  }
  return { logDensity: (others) => expect(others, dimensions, components).logDensities };
}

/** k-means++: each next seed is drawn with a probability by its squared distance from those before. */
function seeds(points: Float32Array, d: number, wanted: number, { uniform, upTo }: Random): Float32Array[] {
  const count = points.length / d;
  const at = (i: number) => points.subarray(i * d, (i + 1) * d);
  const chosen = [at(upTo(count - 1))];
  const distances = new Float64Array(count).fill(Infinity);
  while (chosen.length < wanted) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      distances[i] = Math.min(distances[i]!, squaredDistance(at(i), chosen.at(-1)!));
      total += distances[i]!;
    }
    if (total === 0) break;
    let left = uniform() * total;
    let next = distances.findLastIndex((distance) => distance > 0);
    for (let i = 0; i < next; i++) if ((left -= distances[i]!) < 0) next = i;
    chosen.push(at(next));
  }
  return chosen;
}

/** Each point wholly the nearest seed's: count × seeds. */
function nearestShares(points: Float32Array, d: number, means: readonly Float32Array[]): Float64Array {
  const k = means.length;
  const shares = new Float64Array((points.length / d) * k);
  for (let i = 0; i * d < points.length; i++) {
    const distances = means.map((mean) => squaredDistance(points.subarray(i * d, (i + 1) * d), mean));
    shares[i * k + distances.indexOf(Math.min(...distances))] = 1;
  }
  return shares;
}

/** The components that the shares (count × k) make most likely; one without points is left out. */
function maximise(points: Float32Array, d: number, k: number, shares: Float64Array, regularisation: number) {
  const count = points.length / d;
  const components: Component[] = [];
  for (let c = 0; c < k; c++) {
    const mean = new Float64Array(d);
    const covariance = new Float64Array(d * d);
    let weight = 0;
    for (let i = 0; i < count; i++) {
      const share = shares[i * k + c]!;
      if (share === 0) continue;
      weight += share;
      for (let a = 0; a < d; a++) mean[a]! += share * points[i * d + a]!;
    }
    if (weight < 1e-6) continue;
    for (let a = 0; a < d; a++) mean[a]! /= weight;
    for (let i = 0; i < count; i++) {
      const share = shares[i * k + c]!;
      if (share === 0) continue;
      for (let a = 0; a < d; a++)
        for (let b = 0; b <= a; b++)
          covariance[a * d + b]! += share * (points[i * d + a]! - mean[a]!) * (points[i * d + b]! - mean[b]!);
    }
    for (let a = 0; a < d; a++)
      for (let b = 0; b <= a; b++)
        covariance[a * d + b] = covariance[a * d + b]! / weight + (a === b ? regularisation : 0);
    const factor = cholesky(covariance, d);
    const scale = Math.log(weight / count) - 0.5 * (d * Math.log(2 * Math.PI) + logDeterminant(factor, d));
    components.push({ scale, mean, factor });
  }
  return components;
}

function expect(points: Float32Array, d: number, components: readonly Component[]) {
  const count = points.length / d;
  const k = components.length;
  const responsibilities = new Float64Array(count * k);
  const logDensities = new Float64Array(count);
  const difference = new Float64Array(d);
  let logLikelihood = 0;
  for (let i = 0; i < count; i++) {
    let largest = -Infinity;
    for (let c = 0; c < k; c++) {
      const { scale, mean, factor } = components[c]!;
      for (let a = 0; a < d; a++) difference[a] = points[i * d + a]! - mean[a]!;
      const log = scale - 0.5 * mahalanobis(factor, difference);
      responsibilities[i * k + c] = log;
      largest = Math.max(largest, log);
    }
    let sum = 0;
    for (let c = 0; c < k; c++) sum += responsibilities[i * k + c] = Math.exp(responsibilities[i * k + c]! - largest);
    for (let c = 0; c < k; c++) responsibilities[i * k + c]! /= sum;
    logDensities[i] = largest + Math.log(sum);
    logLikelihood += logDensities[i]!;
  }
  return { responsibilities, logDensities, logLikelihood };
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
