import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, isOpen, type Graph, type GraphInput, type Node } from '../graph/graph.ts';
import { prune, renameTensors } from '../graph/passes.ts';

/** The inputs that have a row for each image; undefined where a row has no fixed size. */
export function rowsOf(graph: Graph): readonly GraphInput[] | undefined {
  const rows = graph.inputs.filter(({ shape }) => shape[0] === BATCH);
  return rows.some(({ shape }) => shape.slice(1).some(isOpen)) ? undefined : rows;
}

/** What depends on some inputs; nothing does through `end`. */
export function dependents(nodes: readonly Node[], inputs: readonly GraphInput[], end?: Node): ReadonlySet<string> {
  const found = new Set(inputs.map(({ name }) => name));
  for (const node of nodes)
    if (node !== end && node.inputs.some((name) => found.has(name))) for (const name of node.outputs) found.add(name);
  return found;
}

/** What the body of a loop holds besides what is done with one image. */
export interface Around {
  /** Inputs that come before the rows: what the loop carries from image to image. */
  readonly carried?: readonly GraphInput[];
  /** What is left to others, and all that only that needs. */
  readonly end?: Node;
  /** A node of the graph as it is in the loop; default: the same. */
  readonly instead?: (node: Node) => Node;
  /** Adds the last nodes; gives the outputs. */
  readonly finish: (builder: GraphBuilder) => readonly string[];
}

/** Of one image: takes what is carried and its row of each of `rows`. What no image decides but other inputs do stays outside. */
export function loopBody(graph: Graph, rows: readonly GraphInput[], around: Around): Graph {
  const { carried = [], end, instead = (node: Node) => node, finish } = around;
  const builder = new GraphBuilder({ ...graph, inputs: [], nodes: [] });
  for (const { name, shape, dtype } of carried) builder.input(name, shape, dtype);
  for (const { name, dtype, shape } of rows) {
    const [, ...one] = shape;
    const row = builder.input(`${name}/row`, one, dtype);
    builder.addNode('Reshape', [row, builder.ints([1, ...one])], [name]);
  }
  const { inputs } = builder;
  const shared = graph.inputs.filter((input) => !rows.includes(input));
  const [own, given] = [dependents(graph.nodes, rows, end), dependents(graph.nodes, shared, end)];
  for (const node of graph.nodes) {
    const [made] = node.outputs as [string];
    // Kernels that are made of weights are made in here, where the runtime sees that they are constant.
    if (node === end || (given.has(made) && !own.has(made))) continue;
    const { op, inputs: from, outputs, attributes, name } = instead(node);
    builder.addNode(op, from, outputs, attributes, name);
  }
  const outputs = finish(builder);
  const body = prune({ ...builder.graph(), inputs: [] }, outputs);
  // Names of its own: the program around it may hold the same kernels.
  const made = [...body.constants.keys(), ...body.nodes.flatMap((node) => node.outputs)];
  return { ...renameTensors(body, new Map(made.map((name) => [name, `${name}/of one`]))), inputs };
}

/** The graph with a loop among its nodes, without what only the loop's body needs. */
export function aroundLoop(graph: Graph, loop: Node): Graph {
  const body = loop.body!;
  const inside = new Set([...body.constants.keys(), ...body.nodes.flatMap(({ outputs }) => outputs)]);
  const captured = body.nodes.flatMap((node) => node.inputs.filter((name) => !inside.has(name)));
  // What the loop takes from outside counts as needed.
  const reaching = { ...loop, inputs: [...loop.inputs, ...captured] };
  const nodes = graph.nodes.map((node) => (node === loop ? reaching : node));
  const outside = prune({ ...graph, nodes }, graph.outputs);
  return { ...outside, nodes: outside.nodes.map((node) => (node === reaching ? loop : node)) };
}
