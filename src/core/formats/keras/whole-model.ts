import type { File, Group } from 'h5wasm';
import { damaged } from '../failure.ts';
import { isDataset, isGroup, readDataset, readHdf5 } from './hdf5.ts';
import type { StoredWeight } from './weights.ts';

/** What a Keras HDF5 file holds: texts of its attributes, and its weights, all read. */
export interface KerasFile {
  readonly config: string;
  readonly version: string | undefined;
  readonly weights: readonly StoredWeight[];
}

/** Reads a whole-model HDF5 file of Keras. Throws where it is damaged, or is none. */
export const readKerasFile = (bytes: Uint8Array): Promise<KerasFile> =>
  readHdf5(bytes, (file) => readAll(file, bytes.length));

function readAll(file: File, size: number): KerasFile {
  const config = attributeText(file, 'model_config');
  if (config === undefined)
    throw damaged(
      "no attribute 'model_config': it holds weights alone, or no Keras model; save the whole model (model.save)",
    );
  const root = file.get('model_weights');
  if (!isGroup(root)) throw damaged("no group 'model_weights'; save the whole model (model.save)");
  const layers = attributeTexts(root, 'layer_names') ?? root.keys();
  const version = attributeText(file, 'keras_version');
  return { config, version, weights: layers.flatMap((layer) => layerWeights(root, layer, size)) };
}

function layerWeights(root: Group, layer: string, size: number): StoredWeight[] {
  const group = root.get(layer);
  if (!isGroup(group)) return [];
  return (attributeTexts(group, 'weight_names') ?? []).map((path) => {
    const dataset = group.get(path);
    const of = `weight '${path}' of layer '${layer}'`;
    if (!isDataset(dataset)) throw damaged(`${of} is not in the file; save the whole model again`);
    return { name: path.replace(/:\d+$/, ''), group: layer, ...readDataset(dataset, of, size) };
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
