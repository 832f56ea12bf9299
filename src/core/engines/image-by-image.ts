import { GraphBuilder } from '../graph/builder.ts';
import { consumers, producers, type Graph, type Node, type Shape } from '../graph/graph.ts';
import { elements, numbers } from '../graph/tensor.ts';
import { aroundLoop, dependents, loopBody, rowsOf } from './image-loop.ts';

/**
 * A program whose every output has a row for each image, made from its rows of the inputs alone, as a loop over the images, for ONNX
 * Runtime on the processor: the maps of one image at a time stay in its caches, and take their memory once. One without such
 * inputs, or with another output, stays as it is.
 */
export function eachImage(graph: Graph): Graph {
  const rows = rowsOf(graph);
  if (!rows?.length) return graph;
  const own = dependents(graph.nodes, rows);
  if (!graph.outputs.every((name) => own.has(name))) return graph;
  const body = loopBody(graph, rows, {
    finish: (builder) =>
      graph.outputs.map((name) => builder.add('Squeeze', [name, builder.ints([0])], {}, `${name}/row`)),
  });
  const loop: Node = {
    op: 'Scan',
    name: 'layerscope/images',
    inputs: rows.map(({ name }) => name),
    outputs: graph.outputs,
    attributes: { num_scan_inputs: rows.length },
    body,
  };
  const shared = graph.nodes.filter(({ outputs }) => !outputs.some((name) => own.has(name)));
  return aroundLoop({ ...graph, nodes: [...shared, loop] }, loop);
}

/**
 * A sum over the batch as a loop over its images, likewise: what one image gives is added to a sum that is there once. Values that
 * are scattered into zeros are scattered onto that sum. A program that gives anything else of each image stays as it is.
 */
export function summedByImage(graph: Graph): Graph {
  const sum = graph.nodes.find((node) => summedShape(node, graph));
  const rows = rowsOf(graph);
  if (!sum || !rows) return graph;
  const own = dependents(graph.nodes, rows, sum);
  if (graph.outputs.some((name) => own.has(name))) return graph;
  const shape = summedShape(sum, graph)!;
  const scatter = scatterBefore(sum, graph, shape);
  const held = scatter?.shape ?? shape;
  const before = 'layerscope/so far';
  const body = loopBody(graph, rows, {
    carried: [{ name: before, dtype: 'float32', shape: held }],
    end: sum,
    instead: (node) => (node === scatter?.node ? { ...node, inputs: [before, ...node.inputs.slice(1)] } : node),
    finish: (builder) => [
      scatter ? scatter.node.outputs[0]! : builder.add('Add', [before, sum.inputs[0]!], {}, 'layerscope/next'),
    ],
  });

  const builder = new GraphBuilder({ ...graph, nodes: [] });
  const zeros = builder.add('ConstantOfShape', [builder.ints(held)], {}, 'layerscope/zeros');
  const total = builder.unique('layerscope/total');
  const loop: Node = {
    op: 'Scan',
    name: 'layerscope/images',
    inputs: [zeros, ...rows.map(({ name }) => name)],
    outputs: [total],
    attributes: { num_scan_inputs: rows.length },
    body,
  };
  const shaped: Node = { ...sum, op: 'Reshape', inputs: [total, builder.ints(shape)], attributes: {} };
  const nodes = graph.nodes.flatMap((node) => (node === sum ? [...builder.nodes, loop, shaped] : [node]));
  return aroundLoop({ ...builder.graph(graph.outputs), nodes }, loop);
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
