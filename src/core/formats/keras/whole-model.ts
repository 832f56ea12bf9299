import type { Group } from 'h5wasm';
import { damaged } from '../failure.ts';
import { readDataset } from '../hdf5/dataset.ts';
import { isDataset, isGroup, readHdf5, type Hdf5 } from '../hdf5/file.ts';
import type { Source } from '../hdf5/source.ts';
import { numberedWeights } from './numbered.ts';
import type { StoredWeight } from './weights.ts';

/** What a Keras HDF5 file holds: texts of its attributes, and its weights. */
export interface KerasFile {
  /** Missing in a file with weights alone. */
  readonly config?: string;
  readonly version?: string;
  /** What Keras ran on: `tensorflow`, `theano` … */
  readonly backend?: string;
  /** Whether weights have a number after a colon in their names, as TensorFlow's variables have. */
  readonly colons: boolean;
  readonly weights: readonly StoredWeight[];
}

/** Reads an HDF5 file of Keras: a whole model, or weights alone. Throws where it is damaged, or is none. */
export const readKerasFile = (source: Source): Promise<KerasFile> => readHdf5(source, readAll);

function readAll(hdf5: Hdf5): KerasFile {
  const { root: file } = hdf5;
  const config = attributeText(file, 'model_config');
  const inner = file.get('model_weights');
  const root = isGroup(inner) ? inner : file;
  const version = attributeText(file, 'keras_version') ?? attributeText(root, 'keras_version');
  const backend = attributeText(file, 'backend') ?? attributeText(root, 'backend');
  const paths: string[] = [];
  const weights = readWeights(hdf5, root, config !== undefined, paths);
  const colons = paths.some((path) => COLON.test(path));
  if (config !== undefined && root === file && weights.length === 0)
    throw damaged("no group 'model_weights'; save the whole model (model.save)");
  if (config === undefined && weights.length === 0)
    throw damaged(
      "neither a Keras model (no attribute 'model_config') nor weights of one; save the whole model (model.save)",
    );
  return { config, version, backend, colons, weights };
}

const COLON = /:\d+$/;

/** `paths` gets the weights' names as the file has them. */
function readWeights(file: Hdf5, root: Group, hasConfig: boolean, paths: string[]): StoredWeight[] {
  const read = (layer: string, numbered: boolean) => layerWeights(file, root, layer, numbered, paths);
  const layers = attributeTexts(root, 'layer_names');
  if (layers) return layers.flatMap((layer) => read(layer, false));
  const numbered = Number(root.attrs.nb_layers?.value ?? 0);
  if (numbered > 0) return byNumber('layer', root, numbered).flatMap((layer) => read(layer, true));
  if (hasConfig) return root.keys().flatMap((layer) => read(layer, false));
  return numberedWeights(file);
}

/** `layer_0`, `layer_1` … as the oldest files have them; no more than there are. */
const byNumber = (name: string, group: Group, count: number): string[] =>
  Array.from({ length: Math.min(count, group.keys().length) }, (_, i) => `${name}_${i}`);

function layerWeights(file: Hdf5, root: Group, layer: string, numbered: boolean, paths: string[]): StoredWeight[] {
  const group = root.get(layer);
  if (!isGroup(group)) return [];
  const names = numbered
    ? byNumber('param', group, Number(group.attrs.nb_params?.value ?? 0))
    : (attributeTexts(group, 'weight_names') ?? []);
  paths.push(...names);
  return names.map((path) => {
    const dataset = group.get(path);
    const of = `weight '${path}' of layer '${layer}'`;
    if (!isDataset(dataset)) throw damaged(`${of} is not in the file; save the whole model again`);
    return { name: path.replace(COLON, ''), group: layer, ...readDataset(file, dataset, of) };
  });
}

/** A text, or one that was cut into `name0`, `name1` … because HDF5 headers are small. */
function attributeText(group: Group, name: string): string | undefined {
  const { attrs } = group;
  if (attrs[name]) return textOf(attrs[name].value);
  let joined = '';
  for (let i = 0; attrs[`${name}${i}`]; i++) joined += textOf(attrs[`${name}${i}`]!.value);
  return joined || undefined;
}

function attributeTexts(group: Group, name: string): string[] | undefined {
  const { attrs } = group;
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : []);
  if (attrs[name]) return texts(attrs[name].value);
  const joined: string[] = [];
  for (let i = 0; attrs[`${name}${i}`]; i++) joined.push(...texts(attrs[`${name}${i}`]!.value));
  return attrs[`${name}0`] ? joined : undefined;
}

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
