import { float32, type Tensor } from '../../graph/tensor.ts';
import type { ModelFile } from '../format.ts';
import { lazily } from '../lazy.ts';
import type { Blob, CaffeLayer } from './net.ts';

/** Where layers find their learned values. */
export interface Weights {
  /** Whether there is a file with weights; without one, only their shapes count. */
  readonly given: boolean;
  blobs(layer: CaffeLayer): readonly Blob[];
  /** Values of a blob in this shape, which has as many. */
  tensor(blob: Blob | undefined, shape: readonly number[], of: string): Tensor<'float32'>;
}

/** The weights of a `.caffemodel` by the names of its layers; of several layers of one name, in their order. */
export function storedWeights(file: ModelFile, stored: readonly CaffeLayer[], net: readonly CaffeLayer[]): Weights {
  const byName = new Map<string, CaffeLayer[]>();
  for (const layer of stored) {
    const list = byName.get(layer.name);
    if (list) list.push(layer);
    else byName.set(layer.name, [layer]);
  }
  const blobs = new Map(net.map((layer) => [layer, byName.get(layer.name)?.shift()?.blobs ?? []] as const));
  return {
    given: true,
    blobs: (layer) => blobs.get(layer) ?? [],
    tensor: (blob, shape, of) => blobTensor(file, blob!, shape, of),
  };
}

/** No weights: zeros, made only where somebody looks at them. */
export const NO_WEIGHTS: Weights = {
  given: false,
  blobs: () => [],
  tensor: (_, shape) => lazily(shape, () => new Float32Array(shape.reduce((n, size) => n * size, 1))),
};

/** Single precision stays in the file; double precision is read from it when it is asked for. */
export function blobTensor(file: ModelFile, blob: Blob, shape: readonly number[], of: string): Tensor<'float32'> {
  const { offset, length } = blob.values;
  if (blob.width === 4) return file.floats(offset, shape, of);
  return lazily(shape, () => Float32Array.from(new Float64Array(file.read(offset, length).buffer)));
}

/** The numbers of a small blob. */
export const blobValues = (file: ModelFile, blob: Blob): Float32Array =>
  float32(blobTensor(file, blob, blob.shape, 'a blob').data, blob.shape).data;
