import { blocks } from '../blocks.ts';
import type { Layer } from '../model.ts';
import type { Session } from '../session.ts';

/**
 * The layers that a look through the whole network takes: of each block its last, of the others those that have weights or
 * shrink the map; at most `count`, spread evenly, the first and the last among them. Only layers with maps.
 */
export function stages({ model, shapes }: Session, count: number): Layer[] {
  const area = ({ output }: Layer) => {
    const shape = shapes.get(output);
    return shape?.length === 4 ? shape[2]! * shape[3]! : 0;
  };
  const inputs = new Set(model.inputs.map(({ name }) => name));
  const layers = model.layers.filter((layer) => area(layer) > 1 && !inputs.has(layer.output));
  const blockOf = blocks(layers.map(({ name }) => name));
  const chosen = layers.filter((layer, i) => {
    const block = blockOf.get(layer.name);
    if (block !== undefined) return blockOf.get(layers[i + 1]?.name ?? '') !== block;
    return layer.weights.length > 0 || area(layer) < area(layers[i - 1] ?? layer);
  });
  if (chosen.length <= count) return chosen;
  const at = (i: number) => Math.round((i * (chosen.length - 1)) / Math.max(1, count - 1));
  return Array.from({ length: count }, (_, i) => chosen[at(i)]!);
}
