import { affineWaist } from '../graph/affine.ts';
import { nodeFlops } from '../graph/costs.ts';
import { foldAffine } from '../graph/fold-affine.ts';
import { BATCH, type Graph, type Shape } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import { backwardProgram } from '../optimization/program.ts';

/** The start of a network, from its input to a tensor that is affine in it: t(x) = A·x + b. */
export interface AffineStart {
  readonly input: string;
  readonly tensor: string;
  /** Of t for one image, without the axis of images. */
  readonly shape: Shape;
  /** From the input to t. */
  readonly forward: Graph;
  /** Aᵀ, from `SEED` to `GRADIENT`. */
  readonly backward: Graph;
}

/** Operations in the time that it takes to bring one value of t into a gradient, and into a sum. */
const MOVED = 200;

/**
 * The affine start before an objective where going through it `passes` times for each gradient takes longer than what leaving it
 * out costs: to bring in values of t, and to add them up. Undefined where it does not, where there is none, or where the network
 * takes a fixed number of images.
 */
export function affineStart(
  graph: Graph,
  objective: Objective,
  input: string,
  passes: number,
): AffineStart | undefined {
  const below = foldAffine(prune(graph, objective.tensors));
  const tensor = affineWaist(below, input)?.tensor;
  if (tensor === undefined) return undefined;
  const shapes = inferShapes(below);
  const [batch, ...shape] = shapes.get(tensor) ?? [];
  if (batch !== BATCH || shapes.get(input)![0] !== BATCH) return undefined;
  const forward = prune(below, [tensor]);
  const flops = [...nodeFlops(forward, shapes).values()].reduce((sum, own) => sum + own, 0);
  if (passes * flops <= MOVED * elements(shape)) return undefined;
  const backward = backwardProgram(graph, tensor, { input });
  // Whether it is the same for every image.
  return backward.inputs.length === 1 ? { input, tensor, shape, forward, backward } : undefined;
}
