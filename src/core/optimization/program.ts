import { differentiate } from '../graph/autodiff.ts';
import { foldAffine } from '../graph/fold-affine.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, type Graph } from '../graph/graph.ts';
import { prune, reluAfterPool, renameTensors, withInputSize } from '../graph/passes.ts';
import { gradientRule, type BackwardRule } from '../graph/rules/index.ts';
import { inferShapes } from '../graph/shapes.ts';
import { usageError } from '../errors.ts';
import type { Objective } from './objectives.ts';

/** The names of a gradient program's outputs. */
export const VALUE = 'layerscope/objective';
export const GRADIENT = 'layerscope/gradient';
/** And of what a backward program is fed with. */
export const SEED = 'layerscope/seed';

interface Options {
  /** The graph's input that holds the image. */
  readonly input: string;
  /** The tensor with respect to which the gradient is taken, where that is not the input: the backward pass ends there. */
  readonly wrt?: string;
  /** Another image size than the file's own: height, width. */
  readonly size?: readonly [number, number] | undefined;
  readonly rule?: BackwardRule;
  /** Tensors of the graph to fetch besides, by their own names. */
  readonly also?: readonly string[];
  /** An input [N] that each image's gradient is multiplied by. */
  readonly weight?: string;
}

/**
 * An objective's value [N] and its gradient with respect to the input (N×C×H×W), or an inner tensor, in one run: outputs
 * `VALUE`, `GRADIENT`.
 * Pruned: a shallow layer's program holds only the layers below it, which take any image size.
 * Throws a usage error when the objective does not depend on that tensor, or can't be differentiated.
 */
export function gradientProgram(graph: Graph, objective: Objective, options: Options): Graph {
  const also = options.also ?? [];
  const wrt = options.wrt ?? options.input;
  const sized = options.size ? withInputSize(graph, options.input, ...options.size) : graph;
  // Only what the objective sees: what lies behind it may not fit another image size.
  const pruned = foldAffine(prune(sized, [...objective.tensors, ...also, ...(options.wrt === undefined ? [] : [wrt])]));
  const below = (options.rule ?? gradientRule) === gradientRule ? reluAfterPool(pruned) : pruned;
  const builder = new GraphBuilder(below);
  const shapes = inferShapes(below);
  const value = objective.write(builder, shapes);
  const start = options.weight === undefined ? undefined : builder.input(options.weight, [BATCH]);
  const gradient = differentiate(builder, shapes, value, [wrt], options.rule, start).get(wrt);
  if (gradient === undefined)
    throw usageError(
      `No gradient comes back from '${objective.tensors.join("', '")}' to ${options.wrt === undefined ? 'the input ' : ''}'${wrt}': an operator between them has no slope, as Floor or ArgMax. Choose a layer before that.`,
    );
  const program = prune(builder.graph(), [value, gradient, ...also]);
  return renameTensors(
    program,
    new Map([
      [value, VALUE],
      [gradient, GRADIENT],
    ]),
  );
}

/**
 * What is sent back to the input from a tensor, from what is fed there as `SEED`, in the tensor's shape: output `GRADIENT`. Where
 * the way back looks at no values, as through linear maps, nothing is computed forward and the input is not fed.
 * Throws as `gradientProgram`.
 */
export function backwardProgram(
  graph: Graph,
  tensor: string,
  { input, size, rule }: Omit<Options, 'wrt' | 'also' | 'weight'>,
): Graph {
  const sized = size ? withInputSize(graph, input, ...size) : graph;
  const below = foldAffine(prune(sized, [tensor]));
  const builder = new GraphBuilder(below);
  const shapes = inferShapes(below);
  const seed = builder.input(SEED, shapes.get(tensor)!);
  const gradient = differentiate(builder, shapes, tensor, [input], rule, seed).get(input);
  if (gradient === undefined) throw usageError(`'${tensor}' does not depend on the input '${input}'.`);
  return renameTensors(prune(builder.graph(), [gradient]), new Map([[gradient, GRADIENT]]));
}

/** An objective's value [N] alone: output `VALUE`; and the tensors in `also`, by their own names. Pruned. */
export function valueProgram(graph: Graph, objective: Objective, also: readonly string[] = []): Graph {
  const below = foldAffine(prune(graph, [...objective.tensors, ...also]));
  const builder = new GraphBuilder(below);
  const value = objective.write(builder, inferShapes(below));
  return renameTensors(prune(builder.graph(), [value, ...also]), new Map([[value, VALUE]]));
}
