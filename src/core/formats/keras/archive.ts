import { strFromU8 } from 'fflate';
import { damaged } from '../failure.ts';
import type { Format } from '../format.ts';
import { readDataset } from '../hdf5/dataset.ts';
import { isDataset, isGroup, readHdf5, type Hdf5 } from '../hdf5/file.ts';
import { inMemory, partOf, type Source } from '../hdf5/source.ts';
import { isZip, Zip } from '../zip.ts';
import { buildModel } from './build.ts';
import { readConfig, type ModelConfig } from './config.ts';
import { WeightTable, type StoredWeight } from './weights.ts';

const WEIGHTS = 'model.weights.h5';

/** Keras 3: a zip with the configuration and the weights, whose groups are numbered by the layers' classes. */
export const kerasArchive: Format = {
  id: 'keras',
  title: 'Keras archive',
  extensions: ['.keras'],
  match: (file) => file.path.toLowerCase().endsWith('.keras'),
  async open(file) {
    if (!isZip(file)) throw damaged('not a whole zip archive, which a .keras file is; save or copy it again');
    const zip = new Zip(file);
    const config = readConfig(parse(zip, 'config.json'));
    const { keras_version: version } = parse(zip, 'metadata.json') as { keras_version?: unknown };
    const weights = await readHdf5(weightsOf(zip), (inner) => readLayers(config, 'layers', [], inner));
    return buildModel(config, new WeightTable(weights), { version: typeof version === 'string' ? version : '3' });
  },
};

function entryOf(zip: Zip, name: string) {
  const entry = zip.entries.get(name);
  if (!entry) throw damaged(`no '${name}' in the archive; save the model again`);
  return entry;
}

/** They are hardly ever packed; where they are not, they stay in the file. */
function weightsOf(zip: Zip): Source {
  const entry = entryOf(zip, WEIGHTS);
  return entry.stored ? partOf(zip.file, zip.offset(entry), entry.size) : inMemory(zip.read(entry));
}

function parse(zip: Zip, name: string): object {
  const bytes = zip.read(entryOf(zip, name));
  try {
    return Object(JSON.parse(strFromU8(bytes))) as object;
  } catch (error) {
    throw damaged(`its '${name}' is no JSON; save the model again`, error);
  }
}

/** The weights of a model's layers, which stand in groups `conv2d`, `conv2d_1` … in the layers' order. */
function readLayers(config: ModelConfig, group: string, path: readonly string[], file: Hdf5): StoredWeight[] {
  const used = new Map<string, number>();
  return config.layers.flatMap((layer) => {
    const kind = snakeCase(layer.kind);
    const count = used.get(kind) ?? 0;
    used.set(kind, count + 1);
    const own = `${group}/${kind}${count > 0 ? `_${count}` : ''}`;
    const inner = [...path, layer.name];
    if (layer.model) return readLayers(layer.model, `${own}/layers`, inner, file);
    const variables = file.root.get(`${own}/vars`);
    if (!isGroup(variables)) return [];
    const names = variables.keys().sort((a, b) => Number(a) - Number(b));
    return names.flatMap((name): StoredWeight[] => {
      const dataset = variables.get(name);
      if (!isDataset(dataset)) return [];
      const stored = readDataset(file, dataset, `weight ${name} of layer '${inner.join('/')}'`);
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
