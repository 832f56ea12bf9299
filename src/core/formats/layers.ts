import { consumers, type Graph } from '../graph/graph.ts';
import type { Layer } from '../model.ts';

/** Operators that are activation functions. */
export const ACTIVATION_OPS: ReadonlySet<string> = new Set(
  'Relu Clip LeakyRelu PRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign ThresholdedRelu Celu Gelu Mish Swish'.split(
    ' ',
  ),
);

/** Inputs that are numbers of the operator, not learned. */
const SETTINGS: ReadonlySet<string> = new Set(
  'Clip Pad Resize Reshape Expand Slice Split Squeeze Unsqueeze Gather Where Range'.split(' '),
);

/** The learned constants of some nodes, in the order in which they take them. */
export function weightsOf(graph: Graph, nodes: readonly string[]): string[] {
  const own = new Set(nodes);
  const weights = new Set<string>();
  for (const node of graph.nodes) {
    if (!own.has(node.name) || SETTINGS.has(node.op)) continue;
    for (const input of node.inputs) {
      const constant = graph.constants.get(input);
      if (constant?.dtype === 'float32' && constant.shape.length > 0) weights.add(input);
    }
  }
  return [...weights];
}

/**
 * Layers whose output goes to an activation function alone have that function's output as `after`.
 * `activations`: the layers that are nothing but such a function.
 */
export function followActivations(graph: Graph, layers: readonly Layer[]): Layer[] {
  const taken = consumers(graph);
  const outputs = new Set(graph.outputs);
  return layers.map((layer) => {
    if (layer.after !== layer.output || layer.before !== layer.output || outputs.has(layer.output)) return layer;
    const takers = taken.get(layer.output) ?? [];
    const [next] = takers;
    if (takers.length !== 1 || !ACTIVATION_OPS.has(next!.op) || layer.nodes.length === 0) return layer;
    return { ...layer, after: next!.outputs[0]! };
  });
}
