import type { Graph } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import type { Layer } from '../model.ts';
import { random } from '../optimization/random.ts';
import { Session } from '../session.ts';

/** The layers with weights that an output depends on, from the output down. */
export function weightedLayers({ model }: Session, output: string): Layer[] {
  const below = ancestors(model.graph, output);
  return model.layers
    .filter(({ weights, nodes }) => weights.length > 0 && nodes.some((node) => below.has(node)))
    .toReversed();
}

/** At most `count` of them, evenly spread: always the first and the last. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const n = Math.min(count, all.length);
  return Array.from({ length: n }, (_, i) => all[n === 1 ? 0 : Math.round((i * (all.length - 1)) / (n - 1))]!);
}

/**
 * The same network with other weights in some layers: the values of each of their tensors in random order, so that layers keep the
 * scale of what they answer, variances stay positive, and what was learned is gone. It shares the engine; dispose of it.
 */
export function randomised({ model, engine, description }: Session, layers: readonly Layer[], seed: number): Session {
  const constants = new Map(model.graph.constants);
  for (const name of new Set(layers.flatMap(({ weights }) => weights))) {
    const tensor = constants.get(name);
    if (tensor?.dtype !== 'float32') continue;
    const data = (tensor.data as Float32Array).slice();
    const { upTo } = random(seed, [...constants.keys()].indexOf(name));
    for (let i = data.length - 1; i > 0; i--) {
      const other = upTo(i);
      [data[i], data[other]] = [data[other]!, data[i]!];
    }
    constants.set(name, float32(data, tensor.shape));
  }
  return new Session({ ...model, graph: { ...model.graph, constants } }, engine, description);
}

/** The names of the nodes that a tensor depends on. */
function ancestors({ nodes }: Graph, tensor: string): Set<string> {
  const wanted = new Set([tensor]);
  const found = new Set<string>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    found.add(node.name);
    for (const input of node.inputs) wanted.add(input);
  }
  return found;
}
