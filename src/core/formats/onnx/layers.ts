import type { Graph } from '../../graph/graph.ts';
import type { Layer } from '../../model.ts';
import { ACTIVATION_OPS, followActivations, weightsOf } from '../layers.ts';
import type { Imported } from './import.ts';

/** Activation functions whose own layer shows what comes in as `before`. */
const FUNCTIONS: ReadonlySet<string> = new Set([...ACTIVATION_OPS, 'Softmax', 'LogSoftmax']);

/** A layer for each input, and for each node that is left in the graph (or drops nothing at inference). */
export function onnxLayers(graph: Graph, imported: readonly Imported[]): Layer[] {
  const inputs = graph.inputs.map(({ name }): Layer => {
    return { name, kind: 'Input', output: name, before: name, after: name, nodes: [], weights: [] };
  });
  const names = new Set(inputs.map(({ name }) => name));
  const layers = imported.flatMap(({ node, nodes, inputs: from, outputs }): Layer[] => {
    const output = outputs.find((name) => name !== '');
    if (output === undefined || (nodes.length === 0 && node.op !== 'Dropout')) return [];
    if (graph.constants.has(output)) return [];
    const before = FUNCTIONS.has(node.op) && !graph.constants.has(from[0]!) ? from[0]! : output;
    const weights = weightsOf(graph, nodes);
    return [{ name: unique(node.name || output, names), kind: node.op, output, before, after: output, nodes, weights }];
  });
  return followActivations(graph, [...inputs, ...layers]);
}

function unique(wish: string, taken: Set<string>): string {
  let name = wish;
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`;
  taken.add(name);
  return name;
}
