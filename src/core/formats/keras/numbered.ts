import type { Group } from 'h5wasm';
import { readDataset } from '../hdf5/dataset.ts';
import { isDataset, isGroup, type Hdf5 } from '../hdf5/file.ts';
import type { ModelConfig } from './config.ts';
import type { StoredWeight } from './weights.ts';

/** Groups in groups of a file that is not damaged: models in models, and the lists in which Keras keeps them. */
const DEEPEST = 24;

/** What the numbered variables of a class are, in Keras' order; of others `kernel` and `bias` by their axes. */
const BY_CLASS: Readonly<Record<string, readonly string[]>> = {
  batch_normalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  layer_normalization: ['gamma', 'beta'],
  group_normalization: ['gamma', 'beta'],
  depthwise_conv2_d: ['depthwise_kernel', 'bias'],
  depthwise_conv2d: ['depthwise_kernel', 'bias'],
  separable_conv2_d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  separable_conv2d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  normalization: ['mean', 'variance', 'count'],
  embedding: ['embeddings'],
  p_re_lu: ['alpha'],
};

/**
 * The weights of a file that Keras 3 writes: in groups `layers/conv2d_1/vars`, numbered. Without the network's configuration
 * a layer's name is that which its group has as an attribute, else the group's own.
 */
export function numberedWeights(file: Hdf5): StoredWeight[] {
  const weights: StoredWeight[] = [];
  const visit = (group: Group, path: readonly string[]) => {
    if (path.length > DEEPEST) return;
    for (const key of group.keys()) {
      if (key === 'optimizer' && path.length === 0) continue;
      const inner = group.get(key);
      if (!isGroup(inner)) continue;
      if (key === 'vars') weights.push(...variables(file, inner, path));
      else visit(inner, [...path, key]);
    }
  };
  visit(file.root, []);
  return weights;
}

const isContainer = (key: string) => key === 'layers' || key === CHECKPOINT;

/** What Keras 2.13 calls `layers`. */
const CHECKPOINT = '_layer_checkpoint_dependencies';

function variables(file: Hdf5, group: Group, path: readonly string[]): StoredWeight[] {
  const scopes = path.filter((key) => !isContainer(key));
  const own = scopes.at(-1) ?? 'model';
  const given: unknown = group.attrs.name?.value;
  const layer = [...scopes.slice(0, -1), typeof given === 'string' && given !== '' ? given : own].join('/');
  const place = path.map((key) => (key === CHECKPOINT ? 'layers' : key)).join('/');
  const keys = group.keys().sort((a, b) => Number(a) - Number(b));
  return keys.flatMap((key, i): StoredWeight[] => {
    const dataset = group.get(key);
    if (!isDataset(dataset)) return [];
    const stored = readDataset(file, dataset, `weight ${key} of layer '${layer}'`);
    const name = partName(own.replace(/_\d+$/, ''), i, keys.length, stored.shape.length);
    return [{ name: `${layer}/${name ?? key}`, place: `${place}/${key}`, ...stored }];
  });
}

function partName(kind: string, index: number, count: number, axes: number): string | undefined {
  const known = BY_CLASS[kind];
  // A normalization may go without scale or shift.
  if (known) return kind.endsWith('normalization') && count !== known.length ? undefined : known[index];
  return index === 0 && axes > 1 ? 'kernel' : index === 1 ? 'bias' : undefined;
}

/** The weights under the names of the layers whose configuration this is: a class's layers are numbered in their order. */
export function byClass(weights: readonly StoredWeight[], config: ModelConfig): StoredWeight[] {
  const layers = places(config, 'layers', []);
  return weights.map((weight) => {
    for (let place = weight.place ?? ''; place.includes('/');) {
      place = place.slice(0, place.lastIndexOf('/'));
      const layer = layers.get(place);
      if (layer !== undefined) return { ...weight, name: `${layer}${weight.place!.slice(place.length)}` };
    }
    return weight;
  });
}

/** The group of each layer, and the layer's path. */
function places(config: ModelConfig, group: string, path: readonly string[]): Map<string, string> {
  const used = new Map<string, number>();
  const found = new Map<string, string>();
  for (const layer of config.layers) {
    const kind = snakeCase(layer.kind);
    const count = used.get(kind) ?? 0;
    used.set(kind, count + 1);
    const own = `${group}/${kind}${count > 0 ? `_${count}` : ''}`;
    const inner = [...path, layer.name];
    if (layer.model) for (const [place, name] of places(layer.model, `${own}/layers`, inner)) found.set(place, name);
    else found.set(own, inner.join('/'));
  }
  return found;
}

/** As Keras makes names of classes: `DepthwiseConv2D` to `depthwise_conv2d`. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
