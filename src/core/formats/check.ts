import { inferShapes } from '../graph/shapes.ts';
import { damaged } from './failure.ts';
import type { OpenedModel } from './format.ts';

/** What every importer promises: each tensor and node named once, made before it is taken, with shapes that fit. */
export function checkModel({ graph, layers }: OpenedModel): void {
  const tensors = new Set([...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)]);
  const nodes = new Set<string>();
  for (const node of graph.nodes) {
    if (nodes.has(node.name)) throw damaged(`two nodes are called '${node.name}'`);
    nodes.add(node.name);
    for (const input of node.inputs)
      if (input !== '' && !tensors.has(input))
        throw damaged(`${node.op} '${node.name}' takes '${input}', which nothing before it makes`);
    for (const output of node.outputs) {
      if (output !== '' && tensors.has(output)) throw damaged(`tensor '${output}' is made twice`);
      tensors.add(output);
    }
  }
  for (const output of graph.outputs) if (!tensors.has(output)) throw damaged(`output '${output}' is made by no node`);
  const names = new Set<string>();
  for (const layer of layers) {
    if (names.has(layer.name)) throw damaged(`two layers are called '${layer.name}'`);
    names.add(layer.name);
  }
  inferShapes(graph);
}
