import type { Graph, Shape } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import type { Shapes } from '../graph/shapes.ts';

/** A tensor that alone carries what the network has seen on to what is explained. */
export interface Waist {
  readonly tensor: string;
  /** Of the node that makes it. */
  readonly at: number;
  readonly op: string;
}

const POOLS = new Set(['MaxPool', 'AveragePool', 'LpPool', 'GlobalAveragePool', 'GlobalMaxPool']);
const CONVOLUTIONS = new Set(['Conv', 'ConvTranspose']);

/**
 * The maps of the last convolution before `explained`: its output as it goes on, after normalisation, activation, and what is added
 * to it or joined with it (ResNet, Inception), before any pooling, so that nothing goes past it. Where `explained` are maps
 * themselves, those of a convolution further down. undefined: there is none. N×C×H×W, more than one position.
 */
export function lastMaps(graph: Graph, shapes: Shapes, input: string, explained: string): string | undefined {
  const below = prune(graph, [explained]);
  const size = (tensor: string) => sizeOf(shapes.get(tensor));
  const waists = waistsOf(below, input).filter(({ tensor }) => tensor !== explained && size(tensor) !== undefined);
  const isMap = size(explained) !== undefined;
  for (let at = below.nodes.length - 1; at >= 0; at--) {
    const node = below.nodes[at]!;
    const own = CONVOLUTIONS.has(node.op) ? size(node.outputs[0]!) : undefined;
    if (own === undefined) continue;
    let last: Waist | undefined;
    for (const waist of waists) {
      if (waist.at < at) continue;
      if (size(waist.tensor) !== own || POOLS.has(waist.op)) break;
      last = waist;
    }
    if (!last) continue;
    const deeper = below.nodes.slice(last.at + 1).some(({ op }) => CONVOLUTIONS.has(op));
    if (!isMap || deeper) return last.tensor;
  }
  return undefined;
}

const sizeOf = (shape: Shape | undefined) =>
  shape?.length === 4 && shape[2]! * shape[3]! > 1 ? `${shape[2]}×${shape[3]}` : undefined;

/** In the graph's order. `graph` holds only what its output depends on. */
export function waistsOf(graph: Graph, input: string): Waist[] {
  const lastUse = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, at) => inputs.forEach((name) => lastUse.set(name, at)));
  const seen = new Set([input]);
  const live = new Set([input]);
  const waists: Waist[] = [];
  graph.nodes.forEach(({ op, inputs, outputs }, at) => {
    if (!inputs.some((name) => seen.has(name))) return;
    for (const name of outputs) {
      seen.add(name);
      live.add(name);
    }
    for (const name of live) if (!outputs.includes(name) && (lastUse.get(name) ?? -1) <= at) live.delete(name);
    const used = outputs.filter((name) => lastUse.has(name) || graph.outputs.includes(name));
    if (used.length === 1 && [...live].every((name) => outputs.includes(name)))
      waists.push({ tensor: used[0]!, at, op });
  });
  return waists;
}
