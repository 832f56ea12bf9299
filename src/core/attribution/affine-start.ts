import { affineWaist } from '../graph/affine.ts';
import { nodeFlops } from '../graph/costs.ts';
import { foldAffine } from '../graph/fold-affine.ts';
import { BATCH, type Graph, type Shape } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import { backwardProgram } from '../optimization/program.ts';

/** Where gradients are added up: at the input, or at a tensor t that is affine in it. */
export interface Start {
  readonly input: string;
  /** The input itself, or t. */
  readonly tensor: string;
  /** Of that tensor for one image, without the axis of images. */
  readonly shape: Shape;
  /** For t(x) = A·x + b. */
  readonly affine?: {
    /** From the input to t. */
    readonly forward: Graph;
    /** Aᵀ, from `SEED` to `GRADIENT`. */
    readonly backward: Graph;
  };
}

/** Operations in the time that it takes to bring one value of t into a gradient, and into a sum. */
const MOVED = 200;

/**
 * Where gradients before an objective are added up: at the affine start of a network where going through it `passes` times for each
 * gradient takes longer than what leaving it out costs, to bring in values of t and to add them up; else at the input. Undefined
 * where the network takes a fixed number of images.
 */
export function startOf(graph: Graph, objective: Objective, input: string, passes: number): Start | undefined {
  const below = foldAffine(prune(graph, objective.tensors));
  const shapes = inferShapes(below);
  const [images, ...sizes] = shapes.get(input)!;
  if (images !== BATCH) return undefined;
  const whole = { input, tensor: input, shape: sizes };
  const tensor = affineWaist(below, input)?.tensor;
  const [batch, ...shape] = shapes.get(tensor ?? '') ?? [];
  if (tensor === undefined || batch !== BATCH) return whole;
  const forward = prune(below, [tensor]);
  const flops = [...nodeFlops(forward, shapes).values()].reduce((sum, own) => sum + own, 0);
  if (passes * flops <= MOVED * elements(shape)) return whole;
  const backward = backwardProgram(graph, tensor, { input });
  // Whether it is the same for every image.
  return backward.inputs.length === 1 ? { input, tensor, shape, affine: { forward, backward } } : whole;
}
