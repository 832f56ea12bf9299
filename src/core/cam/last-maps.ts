import type { Graph, Shape } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import type { Shapes } from '../graph/shapes.ts';
import { waistsOf, type Waist } from '../graph/waists.ts';

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
