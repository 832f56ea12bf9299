import type { Graph, Node, Shape } from './graph.ts';
import { isKnown, OPERATORS } from './operators/index.ts';
import { perImage } from './operators/common.ts';
import { shapeContext, type Shapes } from './shapes.ts';
import { elements } from './tensor.ts';

/** Floating-point operations for one image by node name, a multiply-add as two; other operators one for each value. */
export function nodeFlops(graph: Graph, shapes: Shapes): Map<string, number> {
  const flops = new Map<string, number>();
  for (const node of graph.nodes) {
    const outputs = node.outputs.map((name) => shapes.get(name)).filter((shape): shape is Shape => shape !== undefined);
    if (!isKnown(node.op) || outputs.length === 0) continue;
    const count = OPERATORS[node.op]!.flops?.({ ...shapeContext(node, shapes, graph.constants), outputs });
    flops.set(node.name, count ?? (MOVES.has(node.op) ? 0 : perImage(outputs[0]!)));
  }
  return flops;
}

/** Operators that only move values. */
const MOVES = new Set(
  'Reshape Flatten Squeeze Unsqueeze Transpose Concat Split Slice Pad Expand Gather Shape Identity Cast'.split(' '),
);

/** The node that holds most at once, what it takes and gives, in bytes for one image; constants aside. */
export function heaviest(graph: Graph, shapes: Shapes): { readonly node: Node; readonly bytes: number } | undefined {
  const bytes = (names: readonly string[]) =>
    names
      .filter((name) => !graph.constants.has(name))
      .reduce((sum, name) => sum + 4 * elements((shapes.get(name) ?? []).map(Math.abs)), 0);
  let found: { node: Node; bytes: number } | undefined;
  for (const node of graph.nodes) {
    const own = bytes(node.inputs) + bytes(node.outputs);
    if (!found || own > found.bytes) found = { node, bytes: own };
  }
  return found;
}
