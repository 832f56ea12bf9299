import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, consumers, isOpen, producers, type Graph, type GraphInput, type Node } from '../graph/graph.ts';
import { prune, renameTensors } from '../graph/passes.ts';
import { numbers } from '../graph/tensor.ts';

/**
 * A sum over the batch as a loop over its images, for ONNX Runtime on the processor: the maps of one image at a time stay in its
 * caches, and what one image gives is added to a sum that is there once. Values that are scattered into zeros are scattered onto
 * that sum. A program that gives anything else of each image stays as it is.
 */
export function imageByImage(graph: Graph): Graph {
  const sum = graph.nodes.find((node) => summedShape(node, graph));
  const rows = graph.inputs.filter(({ shape }) => shape[0] === BATCH);
  if (!sum || rows.some(({ shape }) => shape.slice(1).some(isOpen))) return graph;
  const own = dependents(graph.nodes, rows, sum);
  if (graph.outputs.some((name) => own.has(name))) return graph;
  const shape = summedShape(sum, graph)!;
  const body = bodyOf(graph, sum, rows, shape);

  const builder = new GraphBuilder({ ...graph, nodes: [] });
  const zeros = builder.add('ConstantOfShape', [builder.ints(shape)], {}, 'layerscope/zeros');
  const scanned = [zeros, ...rows.map(({ name }) => name)];
  const attributes = { num_scan_inputs: rows.length };
  const scan: Node = { op: 'Scan', name: sum.name, inputs: scanned, outputs: sum.outputs, attributes, body };
  const inside = new Set([...body.constants.keys(), ...body.nodes.flatMap(({ outputs }) => outputs)]);
  const captured = body.nodes.flatMap(({ inputs }) => inputs.filter((name) => !inside.has(name)));
  // What the loop takes from outside counts as needed.
  const reaching = { ...scan, inputs: [...scanned, ...captured] };
  const nodes = [...builder.nodes, ...graph.nodes.map((node) => (node === sum ? reaching : node))];
  const outside = prune({ ...builder.graph(graph.outputs), nodes }, graph.outputs);
  return { ...outside, nodes: outside.nodes.map((node) => (node === reaching ? scan : node)) };
}

/** Of one image: the sum so far and its row of each input; gives the next sum. */
function bodyOf(graph: Graph, sum: Node, rows: readonly GraphInput[], shape: readonly number[]): Graph {
  const builder = new GraphBuilder({ ...graph, inputs: [], nodes: [] });
  const state = builder.input('layerscope/so far', shape);
  for (const { name, dtype, shape: sizes } of rows) {
    const one = sizes.slice(1);
    const row = builder.input(`${name}/row`, one, dtype);
    builder.addNode('Reshape', [row, builder.ints([1, ...one])], [name]);
  }
  const { inputs } = builder;
  const given = dependents(
    graph.nodes,
    graph.inputs.filter((input) => !rows.includes(input)),
    sum,
  );
  const own = dependents(graph.nodes, rows, sum);
  const scatter = scatterBefore(sum, graph);
  for (const node of graph.nodes) {
    // Kernels that are made of weights are made in here, where the runtime sees that they are constant.
    if (node === sum || (given.has(node.outputs[0]!) && !own.has(node.outputs[0]!))) continue;
    let from = node.inputs;
    if (node === scatter?.node)
      from = [builder.add('Reshape', [state, scatter.shape], {}, 'layerscope/onto'), ...from.slice(1)];
    builder.addNode(node.op, from, node.outputs, node.attributes, node.name);
  }
  const found = sum.inputs[0]!;
  const next = scatter ? found : builder.add('Add', [state, found], {}, 'layerscope/next');
  const body = prune({ ...builder.graph(), inputs: [] }, [next]);
  // Names of its own: the program around it may hold the same kernels.
  const names = new Map(
    [...body.constants.keys(), ...body.nodes.flatMap(({ outputs }) => outputs)].map((name) => [name, `${name}/of one`]),
  );
  return { ...renameTensors(body, names), inputs };
}

/** Of a sum over the batch the shape; undefined for anything else. */
function summedShape(node: Node, graph: Graph): readonly number[] | undefined {
  if (node.op !== 'ReduceSum' || node.attributes['keepdims'] !== 1) return undefined;
  const axes = graph.constants.get(node.inputs[1] ?? '');
  const shaped = graph.nodes.find(({ outputs }) => outputs.includes(node.inputs[0]!));
  const target = shaped?.op === 'Reshape' ? graph.constants.get(shaped.inputs[1]!) : undefined;
  if (!axes || !target || numbers(axes).join() !== '0') return undefined;
  const [batch, ...shape] = numbers(target);
  return batch === -1 && shape.every((size) => size > 0) ? [1, ...shape] : undefined;
}

/** What depends on some inputs; through `end` nothing does. */
function dependents(nodes: readonly Node[], inputs: readonly GraphInput[], end: Node): ReadonlySet<string> {
  const found = new Set(inputs.map(({ name }) => name));
  for (const node of nodes)
    if (node !== end && node.inputs.some((name) => found.has(name))) for (const name of node.outputs) found.add(name);
  return found;
}

/** What scatters values into zeros, where nothing but their sum takes the result; and the shape in which it does. */
function scatterBefore(sum: Node, graph: Graph): { readonly node: Node; readonly shape: string } | undefined {
  const [made, taken] = [producers(graph), consumers(graph)];
  let name = sum.inputs[0]!;
  for (let node = made.get(name); node && taken.get(name)!.length === 1; node = made.get(name)) {
    if (node.op === 'ScatterElements') {
      const zeros = node.attributes['reduction'] === 'add' ? made.get(node.inputs[0]!) : undefined;
      const filled = zeros?.op === 'Expand' ? graph.constants.get(zeros.inputs[0]!) : undefined;
      return filled && numbers(filled).every((value) => value === 0) ? { node, shape: zeros!.inputs[1]! } : undefined;
    }
    if (node.op !== 'Reshape') return undefined;
    name = node.inputs[0]!;
  }
  return undefined;
}
