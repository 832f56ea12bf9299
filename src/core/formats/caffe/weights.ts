import type { Tensor } from '../../graph/tensor.ts';
import type { ModelFile } from '../format.ts';
import { lazily } from '../lazy.ts';
import { countValues, fromHalf } from '../numbers.ts';
import type { Blob, CaffeLayer } from './net.ts';

/** Where layers find their learned values. */
export interface Weights {
  /** Whether there is a file with weights; without one, only their shapes count. */
  readonly given: boolean;
  blobs(layer: CaffeLayer): readonly Blob[];
  /** Values of a blob in this shape, which has as many, times a factor. */
  tensor(blob: Blob | undefined, shape: readonly number[], of: string, factor: number): Tensor<'float32'>;
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
    tensor: (blob, shape, of, factor) => blobTensor(file, blob!, shape, of, factor),
  };
}

/** No weights: zeros, made only where somebody looks at them. */
export const NO_WEIGHTS: Weights = {
  given: false,
  blobs: () => [],
  tensor(_, shape, of) {
    const count = countValues(shape, of);
    return lazily(shape, () => new Float32Array(count));
  },
};

/** Single precision stays in the file; other values are made from it when they are asked for. */
export function blobTensor(
  file: ModelFile,
  { values, width }: Blob,
  shape: readonly number[],
  of: string,
  factor = 1,
): Tensor<'float32'> {
  if (width === 4 && factor === 1) return file.floats(values.offset, shape, of);
  return lazily(shape, () => {
    const { buffer } = file.read(values.offset, values.length);
    if (width === 2) return Float32Array.from(new Uint16Array(buffer), (bits) => fromHalf(bits) * factor);
    const stored = width === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
    return Float32Array.from(stored, (value) => value * factor);
  });
}
