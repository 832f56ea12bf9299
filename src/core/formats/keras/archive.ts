import { strFromU8, unzipSync } from 'fflate';
import type { File } from 'h5wasm';
import { damaged } from '../failure.ts';
import type { Format } from '../format.ts';
import { buildModel } from './build.ts';
import { readConfig, type ModelConfig } from './config.ts';
import { isDataset, isGroup, readDataset, readHdf5 } from './hdf5.ts';
import { WeightTable, type StoredWeight } from './weights.ts';

const PARTS = ['config.json', 'metadata.json', 'model.weights.h5'] as const;

/** Deflate makes data at most this many times smaller. */
const MOST_COMPRESSION = 1032;

/** Keras 3: a zip with the configuration and the weights, whose groups are numbered by the layers' classes. */
export const kerasArchive: Format = {
  id: 'keras',
  title: 'Keras archive',
  extensions: ['.keras'],
  match: (file) => file.path.toLowerCase().endsWith('.keras'),
  async open(file) {
    const parts = unzip(file.bytes());
    const config = readConfig(parse(parts['config.json'], 'config.json'));
    const { keras_version: version } = parse(parts['metadata.json'], 'metadata.json') as { keras_version?: unknown };
    const bytes = parts['model.weights.h5'];
    const weights = await readHdf5(bytes, (weightsFile) => readLayers(config, 'layers', [], weightsFile, bytes.length));
    return buildModel(config, new WeightTable(weights), typeof version === 'string' ? version : '3');
  },
};

function unzip(bytes: Uint8Array): Record<(typeof PARTS)[number], Uint8Array> {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) =>
        PARTS.some((part) => part === name) && size <= bytes.length && originalSize <= size * MOST_COMPRESSION,
    });
  } catch (error) {
    throw damaged('not a whole zip archive, which a .keras file is; save or copy it again', error);
  }
  const missing = PARTS.find((part) => !parts[part]);
  if (missing) throw damaged(`no '${missing}' in the archive, or a damaged one; save the model again`);
  return parts as Record<(typeof PARTS)[number], Uint8Array>;
}

function parse(bytes: Uint8Array, name: string): object {
  try {
    return Object(JSON.parse(strFromU8(bytes))) as object;
  } catch (error) {
    throw damaged(`its '${name}' is no JSON; save the model again`, error);
  }
}

/** The weights of a model's layers, which stand in groups `conv2d`, `conv2d_1` … in the layers' order. */
function readLayers(
  config: ModelConfig,
  group: string,
  path: readonly string[],
  file: File,
  size: number,
): StoredWeight[] {
  const used = new Map<string, number>();
  return config.layers.flatMap((layer) => {
    const kind = snakeCase(layer.kind);
    const count = used.get(kind) ?? 0;
    used.set(kind, count + 1);
    const own = `${group}/${kind}${count > 0 ? `_${count}` : ''}`;
    const inner = [...path, layer.name];
    if (layer.model) return readLayers(layer.model, `${own}/layers`, inner, file, size);
    const variables = file.get(`${own}/vars`);
    if (!isGroup(variables)) return [];
    const names = variables.keys().sort((a, b) => Number(a) - Number(b));
    return names.flatMap((name): StoredWeight[] => {
      const dataset = variables.get(name);
      if (!isDataset(dataset)) return [];
      const stored = readDataset(dataset, `weight ${name} of layer '${inner.join('/')}'`, size);
      return [{ name: `${inner.join('/')}/${name}`, ...stored }];
    });
  });
}

/** As Keras makes names of classes: `DepthwiseConv2D` to `depthwise_conv2d`. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
