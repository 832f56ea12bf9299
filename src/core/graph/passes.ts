import { usageError } from '../errors.ts';
import { consumers, type Graph, type Node, type Shape } from './graph.ts';

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

/** What comes after a tensor: a program that is fed with it. Its shape as in `Shapes`. */
export function after(graph: Graph, tensor: string, shape: Shape): Graph {
  const nodes = graph.nodes.filter(({ outputs }) => !outputs.includes(tensor));
  const inputs = [
    ...graph.inputs.filter(({ name }) => name !== tensor),
    { name: tensor, dtype: 'float32' as const, shape },
  ];
  return prune({ ...graph, nodes, inputs }, graph.outputs);
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

/**
 * Two programs in one: the second takes tensors of the first as its inputs (`feeds`, by name); its other tensors get names of their
 * own, but for constants that both hold. The outputs are the second's.
 */
export function joined(first: Graph, second: Graph, feeds: ReadonlyMap<string, string>): Graph {
  const own = (name: string) => `${name}/then`;
  const names = new Map<string, string>([['', '']]);
  for (const [name, tensor] of second.constants) if (first.constants.get(name) !== tensor) names.set(name, own(name));
  for (const { outputs } of second.nodes) for (const name of outputs) names.set(name, own(name));
  for (const [input, tensor] of feeds) names.set(input, tensor);
  const then = renameTensors(second, names);
  return {
    inputs: [...first.inputs, ...then.inputs.filter(({ name }) => ![...feeds.values()].includes(name))],
    outputs: then.outputs,
    nodes: [...first.nodes, ...then.nodes.map((node) => ({ ...node, name: own(node.name) }))],
    constants: new Map([...first.constants, ...then.constants]),
  };
}

/**
 * Takes the ReLU after the max-pool that alone takes its output. Values stay the same, as a ReLU is monotone, and so do
 * gradients: where a window's largest value is positive it is the same value, where not the gradient is zero either way.
 * Then the backward pass gates the small map in place of the large one. (For rules that look at the sign of what comes
 * back, as DeconvNet's, it would not be the same: there several windows' parts add up first.)
 */
export function reluAfterPool(graph: Graph): Graph {
  const taken = consumers(graph);
  const nodes = [...graph.nodes];
  const swapped = new Set<Node>();
  nodes.forEach((relu, at) => {
    const users = taken.get(relu.outputs[0]!) ?? [];
    const pool = users[0];
    if (relu.op !== 'Relu' || users.length !== 1 || pool?.op !== 'MaxPool' || pool.outputs.length !== 1) return;
    if (graph.outputs.includes(relu.outputs[0]!) || swapped.has(pool)) return;
    swapped.add(pool);
    nodes[at] = { ...pool, inputs: relu.inputs, outputs: relu.outputs };
    nodes[graph.nodes.indexOf(pool)] = { ...relu, inputs: relu.outputs, outputs: pool.outputs };
  });
  return { ...graph, nodes };
}
