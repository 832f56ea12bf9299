import { differentiate } from '../graph/autodiff.ts';
import { foldAffine } from '../graph/fold-affine.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { prune, reluAfterPool, renameTensors, withInputSize } from '../graph/passes.ts';
import { gradientRule, type BackwardRule } from '../graph/rules/index.ts';
import { inferShapes } from '../graph/shapes.ts';
import { usageError } from '../errors.ts';
import type { Objective } from './objectives.ts';

/** The names of a gradient program's outputs. */
export const VALUE = 'layerscope/objective';
export const GRADIENT = 'layerscope/gradient';

interface Options {
  /** The graph's input with respect to which the gradient is taken. */
  readonly input: string;
  /** Another image size than the file's own: height, width. */
  readonly size?: readonly [number, number] | undefined;
  readonly rule?: BackwardRule;
  /** Tensors of the graph to fetch besides, by their own names. */
  readonly also?: readonly string[];
}

/**
 * An objective's value [N] and its gradient with respect to the input (N×C×H×W), in one run: outputs `VALUE`, `GRADIENT`.
 * Pruned: a shallow layer's program holds only the layers below it, which take any image size.
 * Throws a usage error when the objective does not depend on the input, or can't be differentiated.
 */
export function gradientProgram(graph: Graph, objective: Objective, options: Options): Graph {
  const also = options.also ?? [];
  const sized = options.size ? withInputSize(graph, options.input, ...options.size) : graph;
  // Only what the objective sees: what lies behind it may not fit another image size.
  const pruned = foldAffine(prune(sized, [...objective.tensors, ...also]));
  const below = (options.rule ?? gradientRule) === gradientRule ? reluAfterPool(pruned) : pruned;
  const builder = new GraphBuilder(below);
  const shapes = inferShapes(below);
  const value = objective.write(builder, shapes);
  const gradient = differentiate(builder, shapes, value, [options.input], options.rule).get(options.input);
  if (gradient === undefined) throw usageError(`The objective does not depend on the input '${options.input}'.`);
  const program = prune(builder.graph(), [value, gradient, ...also]);
  return renameTensors(
    program,
    new Map([
      [value, VALUE],
      [gradient, GRADIENT],
    ]),
  );
}
