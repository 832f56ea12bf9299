import { GraphBuilder } from '../graph/builder.ts';
import {
  BATCH,
  consumers,
  isOpen,
  producers,
  type Graph,
  type GraphInput,
  type Node,
  type Shape,
} from '../graph/graph.ts';
import { prune, renameTensors } from '../graph/passes.ts';
import { elements, numbers } from '../graph/tensor.ts';

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
  const scatter = scatterBefore(sum, graph, shape);
  const held = scatter?.shape ?? shape;
  const body = bodyOf(graph, sum, rows, held, scatter?.node);

  const builder = new GraphBuilder({ ...graph, nodes: [] });
  const zeros = builder.add('ConstantOfShape', [builder.ints(held)], {}, 'layerscope/zeros');
  const inputs = [zeros, ...rows.map(({ name }) => name)];
  const total = builder.unique('layerscope/total');
  const scan: Node = {
    op: 'Scan',
    name: 'layerscope/images',
    inputs,
    outputs: [total],
    attributes: { num_scan_inputs: rows.length },
    body,
  };
  const inside = new Set([...body.constants.keys(), ...body.nodes.flatMap(({ outputs }) => outputs)]);
  const captured = body.nodes.flatMap((node) => node.inputs.filter((name) => !inside.has(name)));
  // What the loop takes from outside counts as needed.
  const reaching = { ...scan, inputs: [...inputs, ...captured] };
  const shaped: Node = { ...sum, op: 'Reshape', inputs: [total, builder.ints(shape)], attributes: {} };
  const nodes = graph.nodes.flatMap((node) => (node === sum ? [...builder.nodes, reaching, shaped] : [node]));
  const outside = prune({ ...builder.graph(), nodes }, graph.outputs);
  return { ...outside, nodes: outside.nodes.map((node) => (node === reaching ? scan : node)) };
}

/** Of one image: the sum so far, in the shape in which it is `held`, and its row of each input; gives the next sum. */
function bodyOf(graph: Graph, sum: Node, rows: readonly GraphInput[], held: Shape, scatter: Node | undefined): Graph {
  const builder = new GraphBuilder({ ...graph, inputs: [], nodes: [] });
  const before = builder.input('layerscope/so far', held);
  for (const { name, dtype, shape } of rows) {
    const [, ...one] = shape;
    const row = builder.input(`${name}/row`, one, dtype);
    builder.addNode('Reshape', [row, builder.ints([1, ...one])], [name]);
  }
  const { inputs } = builder;
  const shared = graph.inputs.filter((input) => !rows.includes(input));
  const [own, given] = [dependents(graph.nodes, rows, sum), dependents(graph.nodes, shared, sum)];
  for (const node of graph.nodes) {
    const [name] = node.outputs as [string];
    // Kernels that are made of weights are made in here, where the runtime sees that they are constant.
    if (node === sum || (given.has(name) && !own.has(name))) continue;
    const from = node === scatter ? [before, ...node.inputs.slice(1)] : node.inputs;
    builder.addNode(node.op, from, node.outputs, node.attributes, node.name);
  }
  const after = scatter ? scatter.outputs[0]! : builder.add('Add', [before, sum.inputs[0]!], {}, 'layerscope/next');
  const body = prune({ ...builder.graph(), inputs: [] }, [after]);
  // Names of its own: the program around it may hold the same kernels.
  const made = [...body.constants.keys(), ...body.nodes.flatMap(({ outputs }) => outputs)];
  return { ...renameTensors(body, new Map(made.map((name) => [name, `${name}/of one`]))), inputs };
}

/** The shape of a sum over the batch; undefined for anything else. */
function summedShape(node: Node, graph: Graph): Shape | undefined {
  if (node.op !== 'ReduceSum' || node.attributes['keepdims'] !== 1) return undefined;
  const axes = graph.constants.get(node.inputs[1] ?? '');
  const shaped = graph.nodes.find(({ outputs }) => outputs.includes(node.inputs[0]!));
  const target = shaped?.op === 'Reshape' ? graph.constants.get(shaped.inputs[1]!) : undefined;
  if (!axes || !target || numbers(axes).join() !== '0') return undefined;
  const [batch, ...shape] = numbers(target);
  return batch === -1 && shape.every((size) => size > 0) ? [1, ...shape] : undefined;
}

/** What depends on some inputs; nothing does through `end`. */
function dependents(nodes: readonly Node[], inputs: readonly GraphInput[], end: Node): ReadonlySet<string> {
  const found = new Set(inputs.map(({ name }) => name));
  for (const node of nodes)
    if (node !== end && node.inputs.some((name) => found.has(name))) for (const name of node.outputs) found.add(name);
  return found;
}

interface Scatter {
  readonly node: Node;
  /** In which it does so with one image: all values in a row, or plane by plane. Another would be another copy. */
  readonly shape: Shape;
}

/** What scatters values into zeros, where nothing but their sum takes the result. */
function scatterBefore(sum: Node, graph: Graph, [, channels, ...sizes]: Shape): Scatter | undefined {
  const [made, taken] = [producers(graph), consumers(graph)];
  let node = made.get(sum.inputs[0]!);
  while (node?.op === 'Reshape' && taken.get(node.outputs[0]!)!.length === 1) node = made.get(node.inputs[0]!);
  if (node?.op !== 'ScatterElements' || taken.get(node.outputs[0]!)!.length > 1) return undefined;
  const zeros = node.attributes['reduction'] === 'add' ? made.get(node.inputs[0]!) : undefined;
  const filled = zeros?.op === 'Expand' ? graph.constants.get(zeros.inputs[0]!) : undefined;
  if (!filled || numbers(filled).some((value) => value !== 0)) return undefined;
  // The zeros have the shape of a tensor that was made flat.
  const like = made.get(made.get(zeros!.inputs[1]!)?.inputs[0] ?? '');
  const target = like?.op === 'Reshape' ? graph.constants.get(like.inputs[1]!) : undefined;
  if (!target) return undefined;
  const flat = numbers(target).join();
  if (flat === '-1') return { node, shape: [channels! * elements(sizes)] };
  return flat === '0,0,-1' ? { node, shape: [1, channels!, elements(sizes)] } : undefined;
}
