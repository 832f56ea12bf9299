import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { number } from '../graph/operator.ts';
import { prune } from '../graph/passes.ts';
import { inferShapes, shapeContext, type Shapes } from '../graph/shapes.ts';
import { reach, slide, windowOf, type Window } from '../graph/windows.ts';

/**
 * Poolings whose last window is only partly filled, where ONNX Runtime's reading of opset 18 is another than PyTorch's and
 * Caffe's: it counts a window that would begin in the padding behind the input, and where padding counts, it takes what lies
 * beyond the padding for some. Such ones get as much padding as their last window reaches for.
 */
export function ceilPools(graph: Graph): Graph {
  const isCeil = ({ op, attributes }: Node) => (op === 'MaxPool' || op === 'AveragePool') && attributes.ceil_mode === 1;
  const pools = graph.nodes.filter(isCeil);
  if (pools.length === 0) return graph;
  const below = pools.map(({ inputs }) => inputs[0]!);
  const shapes = inferShapes(prune(graph, below));
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  for (const node of graph.nodes) {
    const { op, inputs, outputs, attributes, name } = isCeil(node) ? filled(node, shapes, graph, builder) : node;
    builder.addNode(op, inputs, outputs, attributes, name);
  }
  return builder.graph(graph.outputs);
}

function filled(node: Node, shapes: Shapes, graph: Graph, builder: GraphBuilder): Node {
  const context = shapeContext(node, shapes, graph.constants);
  if (!context.inputs[0]) return node; // behind an operator that is not known: never run
  const window = windowOf(context);
  const sizes = context.inputs[0].slice(2);
  const out = slide(sizes, window, true);
  const ends = sizes.map((size, axis) =>
    Math.max(0, lastReached(out[axis]!, window, axis) - size - window.begin[axis]!),
  );
  const beyond = ends.map((end, axis) => Math.max(0, end - window.end[axis]!));
  const one = sizes.some((size, axis) => counted(size, window, axis) !== out[axis]);
  const padsCount = number(node, 'count_include_pad', 0) === 1;
  if (!one && !(padsCount && beyond.some((pad) => pad > 0))) return node;
  const { ceil_mode: _, ...attributes } = node.attributes;
  if (!padsCount) return { ...node, attributes: { ...attributes, pads: [...window.begin, ...ends] } };
  // Padding that counts is made of zeros; what lies beyond does not count.
  const around = [0, 0, ...window.begin, 0, 0, ...ends.map((end, axis) => Math.min(end, window.end[axis]!))];
  const padded = builder.add('Pad', [node.inputs[0]!, builder.ints(around)], {}, `${node.name}/padded`);
  const pads = [...window.begin.map(() => 0), ...beyond];
  return { ...node, inputs: [padded], attributes: { ...attributes, pads, count_include_pad: 0 } };
}

/** How many positions of the padded input the windows reach over. */
const lastReached = (count: number, window: Window, axis: number) =>
  (count - 1) * window.strides[axis]! + reach(window, axis);

/** How many windows ONNX Runtime counts. */
const counted = (size: number, window: Window, axis: number) =>
  Math.ceil((size + window.begin[axis]! + window.end[axis]! - reach(window, axis)) / window.strides[axis]!) + 1;
