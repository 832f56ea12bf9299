import type { Graph } from '../../graph/graph.ts';
import type { Layer } from '../../model.ts';
import { followActivations, weightsOf } from '../layers.ts';
import type { Origin } from './import.ts';

/** A layer for each input, and for each node of the file. */
export function tensorflowLayers(graph: Graph, origins: ReadonlyMap<string, Origin>): Layer[] {
  const inputs = graph.inputs.map(({ name }): Layer => {
    return { name, kind: 'Placeholder', output: name, before: name, after: name, nodes: [], weights: [] };
  });
  const groups = new Map<string, Layer & { nodes: string[] }>();
  for (const node of graph.nodes) {
    const { op, name } = origins.get(node.name)!;
    const output = node.outputs[0]!;
    const group = groups.get(name);
    const nodes = [...(group?.nodes ?? []), node.name];
    groups.set(name, {
      name,
      kind: op,
      output,
      before: output,
      after: output,
      nodes,
      weights: weightsOf(graph, nodes),
    });
  }
  return followActivations(graph, [...inputs, ...groups.values()]);
}
