import type { LayerSummary } from '../../protocol/worker.ts';
import type { CodeLayer } from './code-layer.ts';
import { snakeCase } from './keras-names.ts';

/**
 * The layers of code, with the numbers that the model has for them: Keras goes on counting within a session, so that what
 * code makes first may be `conv2d_5` in the file. By order, where code and model have equally many layers of a class
 * without a name of their own; else, and where two functions both begin to count, names stay as they are.
 */
export function numberedAsIn(
  model: readonly Pick<LayerSummary, 'name'>[],
  layers: readonly CodeLayer[],
): readonly CodeLayer[] {
  const unnamed = layers.filter(({ automatic }) => automatic);
  if (unnamed.length === 0) return layers;
  const given = new Set(layers.filter(({ automatic }) => !automatic).flatMap(({ names }) => names));
  const parts = [...new Set(model.flatMap(({ name }) => name.split('/')))].filter((part) => !given.has(part));
  const renamed = new Map<CodeLayer, string>();
  for (const kind of new Set(unnamed.map((layer) => layer.kind))) {
    const inModel = numbered(parts, kind);
    const made = unnamed.filter((layer) => layer.kind === kind);
    const inCode = made.toSorted((a, b) => numberOf(a.names[0]!) - numberOf(b.names[0]!));
    const counted = inCode.every(({ names }, i) => numberOf(names[0]!) === i);
    if (counted && inModel.length === inCode.length) inCode.forEach((layer, i) => renamed.set(layer, inModel[i]!));
  }
  return layers.map((layer) => {
    const name = renamed.get(layer);
    return name === undefined ? layer : { ...layer, names: [name], automatic: false };
  });
}

/** Names of a class that Keras has made, by their number. */
function numbered(names: readonly string[], kind: string): string[] {
  const bases = kind === 'InputLayer' ? 'input|input_layer' : snakeCase(kind);
  const automatic = new RegExp(`^(${bases})(_\\d+)?$`);
  return names.filter((name) => automatic.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

const numberOf = (name: string): number => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
