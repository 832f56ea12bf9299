import { producers, type Graph, type Node } from './graph/graph.ts';
import type { Model } from './model.ts';

/** Operators that only change the shape. */
export const KEEPS_VALUES: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/** The softmax that makes a tensor, if one does, looked for through operators that only change the shape. */
function finalSoftmax(graph: Graph, output: string): Node | undefined {
  const made = producers(graph);
  let node = made.get(output);
  while (node && KEEPS_VALUES.has(node.op)) node = made.get(node.inputs[0]!);
  return node && (node.op === 'Softmax' || node.op === 'LogSoftmax') ? node : undefined;
}

/** The tensor with the class scores S_c: a softmax at the end is found and stepped over. */
export function scoreTensor(model: Pick<Model, 'graph'>, output = model.graph.outputs[0]!): string {
  return finalSoftmax(model.graph, output)?.inputs[0] ?? output;
}

/** The tensor with the class probabilities, where the model makes them itself. */
export function probabilityTensor(model: Pick<Model, 'graph'>, output = model.graph.outputs[0]!): string | undefined {
  const softmax = finalSoftmax(model.graph, output);
  return softmax?.op === 'Softmax' ? softmax.outputs[0] : undefined;
}
