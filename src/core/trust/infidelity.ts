import type { Goal } from '../attribution/goal.ts';
import { asMaps } from '../attribution/reduce.ts';
import { fromDeclaredLayout } from '../layouts.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { random } from '../optimization/random.ts';
import type { HeatmapResult } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { coveredChanges, pixelsOf, type Square } from './covered.ts';

interface Options {
  readonly method: string;
  readonly samples: number;
  /** What a square is replaced by: one image, in the shape of the input. */
  readonly cover: Float32Array;
}

export interface Infidelity {
  /** E[(β·Iᵀ·Φ − Δ)²], Δ = f(x) − f(x with the square covered), in the square of the score's unit. */
  readonly infidelity: number;
  /** The same over E[Δ²]: 0, the attribution foretells what each square does; 1, nothing of it. */
  readonly relative: number;
  /** β = E[Iᵀ·Φ·Δ] / E[(Iᵀ·Φ)²]: the scaling that makes it least. */
  readonly scaling: number;
}

/** What stands for a slope rather than for a share of the score: it counts times the change of the input. */
const SLOPES: ReadonlySet<string> = new Set(['saliency', 'smoothgrad', 'deconvnet', 'guided-backprop']);

/** Sides of squares, as parts of the shorter side. */
const [SMALLEST, LARGEST] = [1 / 16, 1 / 2];

/**
 * How badly an attribution foretells what covering a random square does to the score, under the optimal scaling. Yeh, Hsieh, Suggala,
 * Inouye & Ravikumar 2019, On the (In)fidelity and Sensitivity of Explanations, §2 (square removal). I is the change x − x̃ for slopes
 * (gradients), and 1 in the square for shares of the score (gradient×input, integrated gradients, LRP, occlusion, CAM), as captum has it
 * (`multiply_by_inputs`). One forward pass a square and one more.
 */
export async function* infidelity(
  context: Context,
  goal: Goal,
  explained: HeatmapResult,
  { method, samples, cover }: Options,
): AsyncGenerator<number, Infidelity, void> {
  const [, channels, height, width] = asMaps(context.image.tensor.shape);
  const area = height * width;
  const image = context.image.tensor.data.subarray(0, channels * area);
  const squares = randomSquares(height, width, samples, context.seed);
  const changes = yield* coveredChanges(context, goal, squares, cover);
  const attribution = inGraphLayout(context, explained);
  const finer = attribution.length === channels * area;
  const slopes = SLOPES.has(method);
  const dots = Float64Array.from(squares, (square) => {
    let dot = 0;
    for (const pixel of pixelsOf(square, width))
      if (!finer) dot += attribution[pixel]!;
      else
        for (let at = pixel; at < channels * area; at += area)
          dot += attribution[at]! * (slopes ? image[at]! - cover[at]! : 1);
    return dot;
  });
  return scaledInfidelity(dots, changes);
}

/** Of Iᵀ·Φ and Δ by sample. */
export function scaledInfidelity(dots: Float64Array, changes: Float64Array): Infidelity {
  const mean = (f: (i: number) => number) => dots.reduce((sum, _, i) => sum + f(i), 0) / dots.length;
  const square = mean((i) => dots[i]! ** 2);
  const scaling = square > 0 ? mean((i) => dots[i]! * changes[i]!) / square : 0;
  const found = mean((i) => (scaling * dots[i]! - changes[i]!) ** 2);
  const all = mean((i) => changes[i]! ** 2);
  return { infidelity: found, relative: all > 0 ? found / all : 0, scaling };
}

/** Each of another size and place. */
function randomSquares(height: number, width: number, count: number, seed: number): Square[] {
  const { uniform, upTo } = random(seed);
  const shorter = Math.min(height, width) === 1 ? Math.max(height, width) : Math.min(height, width);
  return Array.from({ length: count }, () => {
    const side = Math.max(1, Math.round(shorter * (SMALLEST + uniform() * (LARGEST - SMALLEST))));
    const [h, w] = [Math.min(side, height), Math.min(side, width)];
    return { y: upTo(height - h), x: upTo(width - w), height: h, width: w };
  });
}

function inGraphLayout({ image }: Context, { arrays, values: map }: HeatmapResult): Float32Array {
  const raw = arrays['attribution'] as Tensor<'float32'> | undefined;
  if (!raw) return map;
  const size = raw.data.length / raw.shape[0]!;
  return fromDeclaredLayout(float32(raw.data.subarray(0, size), [1, ...raw.shape.slice(1)]), image.input).data;
}
