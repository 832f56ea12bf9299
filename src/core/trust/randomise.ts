import type { Graph } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import type { Layer } from '../model.ts';
import { random, type Random } from '../optimization/random.ts';
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
 * The same network with other weights in some layers: kernels drawn anew, normal about zero with the standard deviation that they
 * have, so that layers keep the scale of what they answer; what is one row (biases, variances) in random order. Its layers'
 * draws depend on the seed and `draw` alone. It shares the engine; dispose of it.
 */
export function randomised(session: Session, layers: readonly Layer[], seed: number, draw = 0): Session {
  const { model, engine, description } = session;
  const constants = new Map(model.graph.constants);
  const names = [...constants.keys()];
  for (const name of new Set(layers.flatMap(({ weights }) => weights))) {
    const tensor = constants.get(name);
    if (tensor?.dtype !== 'float32') continue;
    const source = random(seed, draw * names.length + names.indexOf(name));
    const drawn = tensor.shape.length > 1 ? normalLike : shuffled;
    constants.set(name, float32(drawn(tensor.data as Float32Array, source), tensor.shape));
  }
  return new Session({ ...model, graph: { ...model.graph, constants } }, engine, description);
}

function normalLike(values: Float32Array, { normal }: Random): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map(() => deviation * normal());
}

function shuffled(values: Float32Array, { upTo }: Random): Float32Array {
  const mixed = values.slice();
  for (let i = mixed.length - 1; i > 0; i--) {
    const other = upTo(i);
    [mixed[i], mixed[other]] = [mixed[other]!, mixed[i]!];
  }
  return mixed;
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
