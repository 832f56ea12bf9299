import { GraphBuilder } from './builder.ts';
import { consumers, producers, type Graph, type Node } from './graph.ts';
import { number } from './operator.ts';
import { elements, type Tensor } from './tensor.ts';

/**
 * Puts each batch normalisation into the convolution before it, where nothing else takes the convolution's output:
 * W·s and b·s + t with s = γ/√(σ² + ε), t = β − μ·s (Ioffe & Szegedy 2015, §3.1). The scaled kernels are nodes, which engines
 * compute once. `keep`: tensors that must stay what they are; a batch normalisation behind such a one stays too.
 */
export function foldBatchNormalization(graph: Graph, keep: Iterable<string> = graph.outputs): Graph {
  const kept = new Set(keep);
  const taken = consumers(graph);
  const made = producers(graph);
  const folds = new Map<Node, Node>();
  for (const norm of graph.nodes) {
    const before = norm.op === 'BatchNormalization' ? made.get(norm.inputs[0]!) : undefined;
    if (before?.op !== 'Conv' || kept.has(before.outputs[0]!)) continue;
    const weights = [before.inputs[1]!, ...norm.inputs.slice(1), ...before.inputs.slice(2).filter(Boolean)];
    if (taken.get(before.outputs[0]!)?.length !== 1 || !weights.every((name) => graph.constants.has(name))) continue;
    folds.set(norm, before);
  }
  if (folds.size === 0) return graph;
  const gone = new Set(folds.values());
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  for (const node of graph.nodes) {
    if (gone.has(node)) continue;
    const before = folds.get(node);
    if (before) fold(builder, graph.constants, before, node);
    else builder.addNode(node.op, node.inputs, node.outputs, node.attributes, node.name);
  }
  return builder.graph(graph.outputs);
}

function fold(builder: GraphBuilder, constants: ReadonlyMap<string, Tensor>, before: Node, norm: Node): void {
  const values = (name: string) => constants.get(name)!.data as Float32Array;
  const [gamma, beta, mean, variance] = norm.inputs.slice(1).map(values) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const epsilon = number(norm, 'epsilon', 1e-5);
  const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
  const bias = before.inputs[2] ? values(before.inputs[2]) : new Float32Array(scale.length);
  const shift = beta.map((value, c) => value + (bias[c]! - mean[c]!) * scale[c]!);
  const [x, kernel] = before.inputs as [string, string];
  const { shape } = constants.get(kernel)!;
  const along = shape.map((size, axis) => (axis === 0 ? size : 1));
  if (elements(along) !== scale.length) throw new Error(`${scale.length} channels for ${elements(along)} filters`);
  const scaled = builder.add(
    'Mul',
    [kernel, builder.floats(`${norm.name}/scale`, scale, along)],
    {},
    `${kernel}/scaled`,
  );
  const shifted = builder.floats(`${norm.name}/shift`, shift, [shift.length]);
  builder.addNode(before.op, [x, scaled, shifted], norm.outputs, before.attributes, norm.name);
}
