import { GraphBuilder } from './builder.ts';
import { consumers, type Graph, type Node } from './graph.ts';
import { number } from './operator.ts';
import { elements, type Tensor } from './tensor.ts';

/** y = x · scale + shift, by channel. */
export interface Affine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

type Constants = Graph['constants'];

/**
 * Puts what scales and shifts channels (batch normalisation, products with and sums of one number a channel) into the
 * convolution before it, where nothing else takes what lies between: W·s and b·s + t, for batch normalisation s = γ/√(σ² + ε)
 * and t = β − μ·s (Ioffe & Szegedy 2015, §3.1). The scaled kernels are nodes, which engines compute once. The graph's
 * outputs stay what they are: nothing is folded across one.
 */
export function foldAffine(graph: Graph): Graph {
  const kept = new Set(graph.outputs);
  const taken = consumers(graph);
  const replaced = new Map<Node, { readonly last: Node; readonly affine: Affine }>();
  const gone = new Set<Node>();
  for (const node of graph.nodes) {
    const filters = node.op === 'Conv' ? graph.constants.get(node.inputs[1]!)?.shape[0] : undefined;
    if (filters === undefined || (node.inputs[2] && !graph.constants.has(node.inputs[2]))) continue;
    const { affine, nodes } = affineAfter(node, filters, taken, kept, graph.constants);
    if (!affine) continue;
    for (const between of [node, ...nodes.slice(0, -1)]) gone.add(between);
    replaced.set(nodes.at(-1)!, { last: node, affine });
  }
  if (replaced.size === 0) return graph;
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  for (const node of graph.nodes) {
    if (gone.has(node)) continue;
    const fold = replaced.get(node);
    if (fold) writeFolded(builder, graph.constants, fold.last, fold.affine, node);
    else builder.addNode(node.op, node.inputs, node.outputs, node.attributes, node.name);
  }
  return builder.graph(graph.outputs);
}

/** What the nodes after a convolution do to its channels, as far as they alone take what it makes; and those nodes. */
export function affineAfter(
  convolution: Node,
  filters: number,
  taken: ReadonlyMap<string, readonly Node[]>,
  kept: ReadonlySet<string>,
  constants: Constants,
): { readonly affine: Affine | undefined; readonly nodes: readonly Node[] } {
  const nodes: Node[] = [];
  let total: Affine | undefined;
  for (let last = convolution; ;) {
    const next = taken.get(last.outputs[0]!);
    const affine = !kept.has(last.outputs[0]!) && next?.length === 1 && affineOf(next[0]!, last, constants);
    if (!affine || affine.scale.length !== filters) return { affine: total, nodes };
    total = total ? composed(total, affine) : affine;
    last = next[0]!;
    nodes.push(last);
  }
}

/** What a node does to the channels of what `before` makes; undefined where it does anything else. */
function affineOf(node: Node, before: Node, constants: Constants): Affine | undefined {
  const x = before.outputs[0]!;
  if (node.op === 'BatchNormalization') {
    const [gamma, beta, mean, variance] = node.inputs.slice(1).map((name) => constants.get(name)?.data as Float32Array);
    if (!gamma || !beta || !mean || !variance || node.inputs[0] !== x) return undefined;
    const epsilon = number(node, 'epsilon', 1e-5);
    const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
    return { scale, shift: beta.map((value, c) => value - mean[c]! * scale[c]!) };
  }
  if (node.op !== 'Mul' && node.op !== 'Add') return undefined;
  const values = byChannel(constants.get(node.inputs[0] === x ? node.inputs[1]! : node.inputs[0]!));
  if (!values) return undefined;
  return node.op === 'Mul'
    ? { scale: values, shift: new Float32Array(values.length) }
    : { scale: new Float32Array(values.length).fill(1), shift: values };
}

/** The values of a constant C×1×1 or 1×C×1×1. */
function byChannel(constant: Tensor | undefined): Float32Array | undefined {
  const [channels, ...rest] = constant?.shape.length === 4 ? constant.shape.slice(1) : (constant?.shape ?? []);
  const fits = constant?.dtype === 'float32' && rest.length === 2 && elements(constant.shape) === channels;
  return fits ? (constant.data as Float32Array) : undefined;
}

const composed = (first: Affine, then: Affine): Affine => ({
  scale: first.scale.map((value, c) => value * then.scale[c]!),
  shift: first.shift.map((value, c) => value * then.scale[c]! + then.shift[c]!),
});

function writeFolded(builder: GraphBuilder, constants: Constants, convolution: Node, affine: Affine, last: Node): void {
  const [x, kernel, bias] = convolution.inputs as [string, string, string?];
  const { shape } = constants.get(kernel)!;
  const own = bias ? (constants.get(bias)!.data as Float32Array) : undefined;
  const shift = own ? affine.shift.map((value, c) => value + own[c]! * affine.scale[c]!) : affine.shift;
  const along = shape.map((size, axis) => (axis === 0 ? size : 1));
  const factor = builder.floats(`${last.name}/scale`, affine.scale, along);
  const scaled = builder.add('Mul', [kernel, factor], {}, `${kernel}/scaled`);
  const shifted = builder.floats(`${last.name}/shift`, shift, [shift.length]);
  builder.addNode('Conv', [x, scaled, shifted], last.outputs, convolution.attributes, last.name);
}
