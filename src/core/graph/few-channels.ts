import { GraphBuilder } from './builder.ts';
import { consumers, producers, type Graph, type Node } from './graph.ts';
import { number } from './operator.ts';
import type { Shapes } from './shapes.ts';

/** Operators that treat each channel by itself and alike; of their inputs only the first is a map. */
const BY_CHANNEL = new Set(
  (
    'Relu LeakyRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Softplus Clip Identity Dropout ' +
    'MaxPool AveragePool GlobalMaxPool GlobalAveragePool Flatten'
  ).split(' '),
);

/**
 * The graph in which a tensor has only `count` of its channels, whose numbers are fed as `input` (int64, count): where a convolution
 * or a product with a matrix makes it, as in classifiers, and what follows treats channels one by one, only their filters are applied.
 * `shapes`: of its tensors. Undefined where that is not so, or something else takes what lies between. `graph` holds only what its outputs depend on.
 */
export function fewChannels(
  graph: Graph,
  shapes: Shapes,
  tensor: string,
  input: string,
  count: number,
): Graph | undefined {
  const [made, taken] = [producers(graph), consumers(graph)];
  let node = made.get(tensor);
  /** By node: its inputs that have a part for each channel, and on which axis. */
  const parted = new Map<Node, readonly (number | undefined)[]>();
  for (; node; node = made.get(node.inputs[0]!)) {
    if (BY_CHANNEL.has(node.op)) continue;
    const axes = axesOfChannels(node, graph, shapes);
    if (!axes) return undefined;
    parted.set(node, axes);
    if (node.op !== 'Add') break;
  }
  if (!node || (node.op === 'Conv' && parted.size > 1)) return undefined;
  const others = graph.outputs.filter((name) => name !== tensor);
  for (let name = node.outputs[0]!; name !== tensor;) {
    const [next, ...more] = taken.get(name)!;
    if (more.length > 0 || others.includes(name)) return undefined;
    name = next!.outputs[0]!;
  }
  if (taken.has(tensor)) return undefined;
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  const chosen = builder.input(input, [count], 'int64');
  for (const own of graph.nodes) {
    const axes = parted.get(own) ?? [];
    const few = own.inputs.map((name, i) => {
      const axis = axes[i];
      return axis === undefined ? name : builder.add('Gather', [name, chosen], { axis }, `${name}/few`);
    });
    builder.addNode(own.op, few, own.outputs, own.attributes, own.name);
  }
  return builder.graph();
}

/** For each input of a node its axis of output channels; undefined where its output channels are not made of constants' parts. */
function axesOfChannels(node: Node, { constants }: Graph, shapes: Shapes): (number | undefined)[] | undefined {
  const [, ...weights] = node.inputs.map((name) => constants.get(name)?.shape);
  const [matrix, bias] = weights;
  if (weights.some((shape) => !shape)) return undefined;
  if (node.op === 'Conv') return number(node, 'group', 1) === 1 ? [undefined, ...weights.map(() => 0)] : undefined;
  const made = shapes.get(node.outputs[0]!);
  if (made?.length !== 2) return undefined;
  if (node.op === 'Add') return isRow(matrix!, made[1]!) ? [undefined, matrix!.length - 1] : undefined;
  if (matrix?.length !== 2 || (node.op !== 'Gemm' && node.op !== 'MatMul')) return undefined;
  const axis = number(node, 'transB', 0) === 1 ? 0 : 1;
  if (number(node, 'transA', 0) === 1 || (bias && !isRow(bias, made[1]!))) return undefined;
  return [undefined, axis, ...(bias ? [bias.length - 1] : [])];
}

/** A value for each column. */
const isRow = (shape: readonly number[], columns: number) =>
  shape.at(-1) === columns && shape.slice(0, -1).every((size) => size === 1);
