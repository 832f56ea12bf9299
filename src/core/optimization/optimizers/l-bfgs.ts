import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';
import { sumOfMagnitudes } from '../../vectors/vectors.ts';
import type { Optimizer } from './optimizer.ts';
import { addUp, products } from './products.ts';

/** Steps whose curvature is kept. */
const KEPT = 10;
/** Less curvature than this along a step is not believed. */
const LEAST_CURVATURE = 1e-10;

/** A step s and by how much the gradient of −objective changed along it, y; with products that the next steps need. */
interface Pair {
  readonly s: Float32Array;
  readonly y: Float32Array;
  /** 1 / (y · s) */
  readonly rho: number;
  /** With the s and y of this pair and those before it: s_i · y and y_i · y, oldest first. */
  readonly withS: number[];
  readonly withY: number[];
  /** Of s and y with the gradient as it was last. */
  gradientS: number;
  gradientY: number;
}

/**
 * L-BFGS with one look at the objective a step: the two-loop recursion of Nocedal & Wright 2006, Algorithm 7.4, without a line
 * search; the first step has length `rate` · min(1, 1/‖g‖₁), as PyTorch has it. Where a step made the objective worse, half of
 * it is taken back and what was learned of the curvature is forgotten, so that it can't run away.
 *
 * The recursion runs on products of the vectors, not on the vectors (Chen, Wang & Zhou 2014, Large-scale L-BFGS using MapReduce,
 * §3): two passes over memory in place of forty.
 */
export function lBfgs(size: number, { rate = 1 }: { rate?: number } = {}): Optimizer {
  let pairs: Pair[] = [];
  const before = { parameters: new Float32Array(size), gradient: new Float32Array(size), value: NaN };
  let steps = 0;
  return {
    step(parameters, gradient, value) {
      if (steps > 0 && !(value >= before.value)) {
        pairs = [];
        halve(parameters, before.parameters);
        if (parameters.some((value, i) => value !== before.parameters[i])) return;
      }
      if (steps > 0) pairs = remembered(pairs, before, parameters, gradient);
      before.parameters.set(parameters);
      before.gradient.set(gradient);
      before.value = value;
      steps++;
      const length = pairs.length > 0 ? rate : rate * Math.min(1, 1 / (sumOfMagnitudes(gradient) || 1));
      const { scale, steps: along, changes } = uphill(pairs);
      const factors = [scale, ...along, ...changes].map((factor) => length * factor);
      addUp(parameters, [gradient, ...pairs.map(({ s }) => s), ...pairs.map(({ y }) => y)], factors);
    },
  };
}

/** The pairs with products of the gradient as it is now, the last step's among them where its curvature is believed. */
function remembered(
  pairs: readonly Pair[],
  before: { readonly parameters: Float32Array; readonly gradient: Float32Array },
  parameters: Float32Array,
  gradient: Float32Array,
): Pair[] {
  const size = gradient.length;
  const oldest = pairs.length === KEPT ? pairs[0] : undefined;
  const kept = oldest ? pairs.slice(1) : pairs;
  const found = products([...kept.map(({ s }) => s), ...kept.map(({ y }) => y)], gradient);
  const [foundS, foundY] = [found.slice(0, kept.length), found.slice(kept.length)];
  const withS = kept.map(({ gradientS }, i) => gradientS - foundS[i]!);
  const withY = kept.map(({ gradientY }, i) => gradientY - foundY[i]!);
  kept.forEach((pair, i) => ([pair.gradientS, pair.gradientY] = [foundS[i]!, foundY[i]!]));
  const s = oldest?.s ?? new Float32Array(size);
  const y = oldest?.y ?? new Float32Array(size);
  const [curvature, square, gradientS, gradientY] = difference({ s, y }, before, parameters, gradient);
  if (oldest) for (const pair of kept) [pair.withS, pair.withY].forEach((all) => all.shift());
  if (curvature <= LEAST_CURVATURE) return [...kept];
  const last = { withS: [...withS, curvature], withY: [...withY, square], gradientS, gradientY };
  return [...kept, { s, y, rho: 1 / curvature, ...last }];
}

/** The inverse Hessian that the pairs describe, times the gradient: scale · gradient + Σ steps · s + changes · y. */
function uphill(pairs: readonly Pair[]) {
  const last = pairs.at(-1);
  if (!last) return { scale: 1, steps: [], changes: [] };
  const sum = (count: number, term: (j: number) => number) =>
    Array.from({ length: count }, (_, j) => term(j)).reduce((a, b) => a + b, 0);
  const alphas: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { rho, gradientS } = pairs[i]!;
    const later = pairs.length - 1 - i;
    alphas[i] = rho * (gradientS - sum(later, (j) => alphas[i + 1 + j]! * pairs[i + 1 + j]!.withS[i]!));
  }
  const scale = 1 / (last.rho * last.withY.at(-1)!);
  const yy = (i: number, j: number) => pairs[Math.max(i, j)]!.withY[Math.min(i, j)]!;
  const steps: number[] = [];
  pairs.forEach(({ rho, gradientY, withS }, i) => {
    const scaled = scale * (gradientY - sum(pairs.length, (j) => alphas[j]! * yy(i, j)));
    steps.push(alphas[i]! - rho * (scaled + sum(i, (j) => steps[j]! * withS[j]!)));
  });
  return { scale, steps, changes: alphas.map((alpha) => -scale * alpha) };
}

/** Writes s and y of the last step; returns s · y, y · y, and the gradient's products with s and y. */
function difference(
  { s, y }: { readonly s: Float32Array; readonly y: Float32Array },
  before: { readonly parameters: Float32Array; readonly gradient: Float32Array },
  parameters: Float32Array,
  gradient: Float32Array,
): readonly [number, number, number, number] {
  const { changeOf, dot } = kernels();
  let [curvature, square, gradientS, gradientY] = [0, 0, 0, 0];
  const read = [parameters, before.parameters, gradient, before.gradient];
  inBlocks({ changed: [s, y], read }, (count, step, change, x, oldX, g, oldG) => {
    changeOf(count, step, x, oldX);
    // Of −objective, which falls.
    changeOf(count, change, oldG, g);
    curvature += dot(count, step, change);
    square += dot(count, change, change);
    gradientS += dot(count, step, g);
    gradientY += dot(count, change, g);
  });
  return [curvature, square, gradientS, gradientY];
}

/** Half of the way back. */
function halve(values: Float32Array, before: Float32Array): void {
  const kernel = kernels().halve;
  inBlocks({ changed: [values], read: [before] }, kernel);
}
