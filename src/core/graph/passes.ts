import { usageError } from '../errors.ts';
import type { Graph, Node } from './graph.ts';

/** Only what the outputs need: its nodes, constants and inputs. Throws a usage error for an output nobody makes. */
export function prune(graph: Graph, outputs: readonly string[]): Graph {
  const needed = new Set(outputs);
  const nodes: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((name) => needed.has(name))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  nodes.reverse();
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const inputs = graph.inputs.filter(({ name }) => needed.has(name));
  const constants = new Map([...graph.constants].filter(([name]) => needed.has(name)));
  for (const name of outputs)
    if (!made.has(name) && !constants.has(name) && !inputs.some((input) => input.name === name))
      throw usageError(`The graph has no tensor '${name}'.`);
  return { inputs, outputs, nodes, constants };
}

/** The same network for images of another size; what depends on the size may not fit any more (see inferShapes). */
export function withInputSize(graph: Graph, input: string, height: number, width: number): Graph {
  const inputs = graph.inputs.map((given) =>
    given.name === input ? { ...given, shape: [...given.shape.slice(0, 2), height, width] } : given,
  );
  return { ...graph, inputs };
}

/** Gives tensors other names, so that a program's outputs can be called what they mean. */
export function renameTensors(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const rename = (name: string) => names.get(name) ?? name;
  return {
    inputs: graph.inputs.map((input) => ({ ...input, name: rename(input.name) })),
    outputs: graph.outputs.map(rename),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    constants: new Map([...graph.constants].map(([name, value]) => [rename(name), value])),
  };
}
