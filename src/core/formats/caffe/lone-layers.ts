import type { OpenedModel, ModelFile } from '../format.ts';
import { weightsOnlyModel, type KernelOperator, type LoneLayer } from '../weights-only.ts';
import type { Blob, Net } from './net.ts';
import { blobTensor } from './weights.ts';

const OPERATORS: Readonly<Record<string, KernelOperator>> = {
  Convolution: 'Conv',
  Deconvolution: 'ConvTranspose',
  InnerProduct: 'Gemm',
};

/** The layers of a `.caffemodel` with their filters, where its net can't be run. `missing` as for `weightsOnlyModel`. */
export function loneModel(file: ModelFile, stored: Net, missing: string): OpenedModel {
  const names = new Set<string>();
  const layers = stored.layers.flatMap(({ name, type, blobs, settings }): LoneLayer[] => {
    if (blobs.length === 0 || names.has(name)) return [];
    names.add(name);
    const operator = OPERATORS[type];
    const weights = blobs.map((blob, i) => {
      const part = i === 0 ? 'weight' : i === 1 ? 'bias' : `blob${i}`;
      return { name: `${name}/${part}`, tensor: blobTensor(file, blob, plainShape(blob, operator, i), name) };
    });
    const groups = settings.message('convolution_param').number('group', 1);
    return [{ name, kind: type, ...(operator && { operator }), ...(operator !== 'Gemm' && { groups }), weights }];
  });
  return weightsOnlyModel(layers, missing);
}

/** Old files give every blob four sizes. */
function plainShape({ shape }: Blob, operator: KernelOperator | undefined, index: number): readonly number[] {
  if (index === 0 && operator === 'Gemm') return shape.slice(-2);
  return index > 0 && operator ? shape.filter((size) => size !== 1) : shape;
}
