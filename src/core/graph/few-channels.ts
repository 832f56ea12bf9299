import { GraphBuilder } from './builder.ts';
import { consumers, producers, type Graph } from './graph.ts';
import { number } from './operator.ts';

/** Operators that treat each channel by itself and alike; of their inputs only the first is a map. */
const BY_CHANNEL = new Set(
  (
    'Relu LeakyRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Softplus Clip Identity Dropout ' +
    'MaxPool AveragePool GlobalMaxPool GlobalAveragePool Flatten'
  ).split(' '),
);

/**
 * The graph in which a tensor has only `count` of its channels, whose numbers are fed as `input` (int64, count): where a convolution
 * makes it, as in fully convolutional classifiers, and what follows treats channels one by one, only their filters are applied.
 * Undefined where that is not so, or something else takes what lies between. `graph` holds only what its outputs depend on.
 */
export function fewChannels(graph: Graph, tensor: string, input: string, count: number): Graph | undefined {
  const [made, taken] = [producers(graph), consumers(graph)];
  let node = made.get(tensor);
  const others = graph.outputs.filter((name) => name !== tensor);
  while (node && BY_CHANNEL.has(node.op)) node = made.get(node.inputs[0]!);
  if (node?.op !== 'Conv' || number(node, 'group', 1) !== 1) return undefined;
  for (let name = node.outputs[0]!; name !== tensor;) {
    const [next, ...more] = taken.get(name)!;
    if (more.length > 0 || others.includes(name)) return undefined;
    name = next!.outputs[0]!;
  }
  if (taken.has(tensor)) return undefined;
  const [x, ...weights] = node.inputs as [string, ...string[]];
  if (!weights.every((name) => graph.constants.has(name))) return undefined;
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  const chosen = builder.input(input, [count], 'int64');
  for (const { op, name, inputs, outputs, attributes } of graph.nodes) {
    const own = name === node.name;
    const few = own ? [x, ...weights.map((w) => builder.add('Gather', [w, chosen], { axis: 0 }, `${w}/few`))] : inputs;
    builder.addNode(op, few, outputs, attributes, name);
  }
  return builder.graph();
}
