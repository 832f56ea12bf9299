import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, type Graph } from '../graph/graph.ts';
import { after, joined, prune, renameTensors } from '../graph/passes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import { GRADIENT, gradientProgram, SEED } from '../optimization/program.ts';
import type { Start } from './affine-start.ts';

/** Inputs and output of a program of summed gradients. */
export const ENDS = 'layerscope/ends';
export const ALONG = 'layerscope/along';
export const WEIGHT = 'layerscope/weight';
export const SUM = 'layerscope/sum';

/**
 * Σ WEIGHT_n · ∂objective/∂x at the images x_n of a batch; with `line` where t = ALONG_n0 · ENDS_0 + ALONG_n1 · ENDS_1. As
 * t(x) = A·x + b, that is Aᵀ, once, of the sum of the gradients with respect to t.
 * WEIGHT: N; ENDS: t of two images; ALONG: N×2; SUM: as one image.
 */
export function sumProgram(graph: Graph, objective: Objective, start: Start, line: boolean): Graph {
  const { input, tensor, shape, affine } = start;
  const pruned = prune(graph, objective.tensors);
  const through = line ? onLine(pruned, start) : pruned;
  const builder = new GraphBuilder(gradientProgram(through, objective, { input, wrt: tensor, weight: WEIGHT }));
  const each = builder.add('Reshape', [GRADIENT, builder.ints([-1, ...shape])]);
  const total = builder.add('ReduceSum', [each, builder.ints([0])], { keepdims: 1 });
  const sums = affine ? joined(builder.graph(), affine.backward, new Map([[SEED, total]])) : builder.graph([total]);
  return renameTensors(prune(sums, sums.outputs), new Map([[sums.outputs[0]!, SUM]]));
}

/** The network from places on a line on. */
function onLine(graph: Graph, { tensor, shape }: Start): Graph {
  const rest = after(graph, tensor, [BATCH, ...shape]);
  const inputs = rest.inputs.filter(({ name }) => name !== tensor);
  const builder = new GraphBuilder({ ...rest, inputs });
  const ends = builder.input(ENDS, [2, ...shape]);
  const along = builder.input(ALONG, [BATCH, 2]);
  // A row times a matrix takes one pass, a product and a sum two.
  const rows = builder.add('Reshape', [ends, builder.ints([2, elements(shape)])]);
  builder.addNode('Reshape', [builder.add('MatMul', [along, rows]), builder.ints([-1, ...shape])], [tensor]);
  return { ...builder.graph(), nodes: [...builder.nodes.slice(rest.nodes.length), ...rest.nodes] };
}
