import type { Group } from 'h5wasm';
import { readDataset } from '../hdf5/dataset.ts';
import { isDataset, isGroup, type Hdf5 } from '../hdf5/file.ts';
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
 * The weights of a file that Keras 3 writes with `save_weights`: in groups `layers/conv2d_1/vars`, numbered. A layer's name is
 * that which its group has as an attribute, else the group's own.
 */
export function numberedWeights(file: Hdf5): StoredWeight[] {
  const weights: StoredWeight[] = [];
  const visit = (group: Group, path: readonly string[], depth: number) => {
    if (depth > DEEPEST) return;
    for (const key of group.keys()) {
      if (key === 'optimizer' && depth === 0) continue;
      const inner = group.get(key);
      if (!isGroup(inner)) continue;
      if (key === 'vars') weights.push(...variables(file, inner, path));
      else visit(inner, isContainer(key) ? path : [...path, key], depth + 1);
    }
  };
  visit(file.root, [], 0);
  return weights;
}

const isContainer = (key: string) => key === 'layers' || key === '_layer_checkpoint_dependencies';

function variables(file: Hdf5, group: Group, path: readonly string[]): StoredWeight[] {
  const own = path.at(-1) ?? 'model';
  const given: unknown = group.attrs.name?.value;
  const layer = [...path.slice(0, -1), typeof given === 'string' && given !== '' ? given : own].join('/');
  const listed = group
    .keys()
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((key) => {
      const dataset = group.get(key);
      return isDataset(dataset) ? [{ key, ...readDataset(file, dataset, `weight ${key} of layer '${layer}'`) }] : [];
    });
  const known = BY_CLASS[own.replace(/_\d+$/, '')];
  return listed.map(({ key, ...stored }, i) => {
    const name = known ? known[i] : i === 0 && stored.shape.length > 1 ? 'kernel' : i === 1 ? 'bias' : undefined;
    return { name: `${layer}/${name ?? key}`, ...stored };
  });
}
