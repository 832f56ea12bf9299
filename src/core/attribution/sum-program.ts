import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, type Graph, type Node } from '../graph/graph.ts';
import { after, joined, prune, renameTensors } from '../graph/passes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import { GRADIENT, gradientProgram, SEED } from '../optimization/program.ts';
import type { AffineStart } from './affine-start.ts';

/** Inputs and output of a program of summed gradients. */
export const FROM = 'layerscope/from';
export const CHANGE = 'layerscope/change';
export const ALONG = 'layerscope/along';
export const WEIGHT = 'layerscope/weight';
export const SUM = 'layerscope/sum';

/**
 * Σ WEIGHT_n · ∂objective/∂x at the images x_n of a batch; with `line` at t = FROM + ALONG_n · CHANGE. As t(x) = A·x + b, that is Aᵀ,
 * once, of the sum of the gradients with respect to t.
 * WEIGHT: N; FROM, CHANGE: t of one image; ALONG: N and an axis of 1 for each of t; SUM: as one image.
 */
export function sumProgram(graph: Graph, objective: Objective, start: AffineStart, line: boolean): Graph {
  const { input, tensor, shape, backward } = start;
  const pruned = prune(graph, objective.tensors);
  const through = line ? onLine(pruned, start) : pruned;
  const builder = new GraphBuilder(gradientProgram(through, objective, { input, wrt: tensor }));
  const weight = builder.add('Reshape', [builder.input(WEIGHT, [BATCH]), builder.ints([1, -1])]);
  const rows = builder.add('Reshape', [GRADIENT, builder.ints([-1, elements(shape)])]);
  // A row times a matrix: several times as fast as a product and a sum over the first axis.
  const total = builder.add('Reshape', [builder.add('MatMul', [weight, rows]), builder.ints([1, ...shape])]);
  const sums = joined(builder.graph(), backward, new Map([[SEED, total]]));
  return renameTensors(prune(sums, sums.outputs), new Map([[sums.outputs[0]!, SUM]]));
}

/** The network from places on a line on. */
function onLine(graph: Graph, { tensor, shape }: AffineStart): Graph {
  const rest = after(graph, tensor, [BATCH, ...shape]);
  const fed = (name: string, batch: number, sizes: readonly number[]) => ({
    name,
    dtype: 'float32' as const,
    shape: [batch, ...sizes],
  });
  const node = (op: string, name: string, inputs: readonly string[], output: string): Node => ({
    op,
    name,
    inputs,
    outputs: [output],
    attributes: {},
  });
  const moved = 'layerscope/moved';
  return {
    ...rest,
    inputs: [
      ...rest.inputs.filter(({ name }) => name !== tensor),
      fed(FROM, 1, shape),
      fed(CHANGE, 1, shape),
      fed(
        ALONG,
        BATCH,
        shape.map(() => 1),
      ),
    ],
    nodes: [
      node('Mul', moved, [CHANGE, ALONG], moved),
      node('Add', 'layerscope/place', [FROM, moved], tensor),
      ...rest.nodes,
    ],
  };
}
