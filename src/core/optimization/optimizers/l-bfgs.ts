import type { Optimizer } from './optimizer.ts';

/** Steps whose curvature is kept. */
const KEPT = 10;
/** Less curvature than this along a step is not believed. */
const LEAST_CURVATURE = 1e-10;

interface Pair {
  readonly s: Float32Array;
  readonly y: Float32Array;
  /** 1 / (y · s) */
  readonly rho: number;
}

/**
 * L-BFGS with one look at the objective a step: the two-loop recursion of Nocedal & Wright 2006, Algorithm 7.4, without a line
 * search; the first step has length `rate` · min(1, 1/‖g‖₁), as PyTorch has it. Where a step made the objective worse, half of
 * it is taken back and what was learned of the curvature is forgotten, so that it can't run away.
 */
export function lBfgs(size: number, { rate = 1 }: { rate?: number } = {}): Optimizer {
  let pairs: Pair[] = [];
  let before: { parameters: Float32Array; gradient: Float32Array; value: number } | undefined;
  return {
    step(parameters, gradient, value) {
      if (before && !(value >= before.value)) {
        pairs = [];
        for (let i = 0; i < size; i++) parameters[i] = (parameters[i]! + before.parameters[i]!) / 2;
        if (distance(parameters, before.parameters) > 0) return;
      }
      if (before) remember(pairs, before, parameters, gradient);
      before = { parameters: parameters.slice(), gradient: gradient.slice(), value };
      const direction = uphill(pairs, gradient);
      const length = pairs.length > 0 ? rate : rate * Math.min(1, 1 / (sumOfMagnitudes(gradient) || 1));
      for (let i = 0; i < size; i++) parameters[i]! += length * direction[i]!;
    },
  };
}

function remember(
  pairs: Pair[],
  before: { parameters: Float32Array; gradient: Float32Array },
  parameters: Float32Array,
  gradient: Float32Array,
): void {
  const s = parameters.map((value, i) => value - before.parameters[i]!);
  // Of −objective, which falls.
  const y = gradient.map((value, i) => before.gradient[i]! - value);
  const curvature = dot(y, s);
  if (curvature <= LEAST_CURVATURE) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > KEPT) pairs.shift();
}

/** The inverse Hessian that the pairs describe, times the gradient. */
function uphill(pairs: readonly Pair[], gradient: Float32Array): Float32Array {
  const q = gradient.slice();
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    add(q, y, -alpha);
  }
  const last = pairs.at(-1);
  if (last) scale(q, 1 / (last.rho * dot(last.y, last.y)));
  pairs.forEach(({ s, y, rho }, n) => add(q, s, alphas[n]! - rho * dot(y, q)));
  return q;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float32Array, values: Float32Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * values[i]!;
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}

const sumOfMagnitudes = (values: Float32Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);
const distance = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
