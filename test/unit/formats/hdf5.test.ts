import { zipSync } from 'fflate';
import type { Group } from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { readModelFile } from '../../../src/core/formats/file.ts';
import type { ModelFile } from '../../../src/core/formats/format.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { kerasArchive } from '../../../src/core/formats/keras/archive.ts';
import { keras } from '../../../src/core/formats/keras/index.ts';
import { failure, h5File, ramp, sequential, write } from './files.ts';

const SIZE = 400;
const network = sequential([
  { class_name: 'Dense', config: { name: 'dense', batch_input_shape: [null, SIZE], use_bias: false } },
]);
const large = ramp(SIZE, SIZE);

/** The file, and how many bytes were read of it. */
async function watched(path: string): Promise<{ file: ModelFile; bytes: () => number }> {
  const file = await readModelFile(path);
  let bytes = 0;
  const read: ModelFile['read'] = (offset, length) => {
    bytes += length;
    return file.read(offset, length);
  };
  const whole = () => {
    bytes += file.size;
    return file.bytes();
  };
  return { file: { ...file, read, bytes: whole }, bytes: () => bytes };
}

/** A file of weights in which one dataset is made as a test wants. */
const withKernel = (make: (group: Group, values: Float32Array) => void): Promise<Uint8Array> =>
  h5File(undefined, {}, (file) => {
    file.create_attribute('model_config', JSON.stringify(network));
    const root = file.create_group('model_weights');
    const group = root.create_group('dense');
    group.create_attribute('weight_names', ['kernel:0']);
    make(group, Float32Array.from(large.values));
  });

describe('HDF5', () => {
  it('leaves weights where they are in the file', async () => {
    const path = write('model.h5', await h5File(network, { dense: { kernel: large } }));
    const { file, bytes } = await watched(path);
    const model = await keras.open(file);
    expect(bytes()).toBeLessThan(file.size / 2);
    const kernel = model.graph.constants.get('dense/kernel')!;
    expect(kernel.source?.path).toBe(path);
    expect(kernel.data).toEqual(Float32Array.from(large.values));
  });

  it('leaves weights where they are in an archive', async () => {
    const weights = await h5File(undefined, {}, (file) => {
      const vars = file.create_group('layers').create_group('dense').create_group('vars');
      vars.create_dataset({ name: '0', data: Float32Array.from(large.values), shape: [SIZE, SIZE] });
    });
    const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const parts = {
      'metadata.json': text({ keras_version: '3.0.0' }),
      'config.json': text(network),
      'model.weights.h5': weights,
    };
    const stored = await watched(write('model.keras', zipSync(parts, { level: 0 })));
    const model = await kerasArchive.open(stored.file);
    expect(stored.bytes()).toBeLessThan(stored.file.size / 2);
    expect(model.graph.constants.get('dense/kernel')!.source?.path).toBe(stored.file.path);
    const packed = await openModel(write('model.keras', zipSync(parts, { level: 6 })));
    for (const { graph } of [model, packed])
      expect(graph.constants.get('dense/kernel')!.data).toEqual(Float32Array.from(large.values));
  });

  it.each<[string, (group: Group, values: Float32Array) => void]>([
    [
      'compressed',
      (group, data) =>
        group.create_dataset({
          name: 'kernel:0',
          data,
          shape: [SIZE, SIZE],
          chunks: [100, 100],
          compression: 'gzip',
          compression_opts: 4,
        }),
    ],
    [
      'in chunks',
      (group, data) => group.create_dataset({ name: 'kernel:0', data, shape: [SIZE, SIZE], chunks: [64, 64] }),
    ],
    [
      'float64',
      (group, data) => group.create_dataset({ name: 'kernel:0', data: Float64Array.from(data), shape: [SIZE, SIZE] }),
    ],
  ])('reads weights that are %s', async (_, make) => {
    const model = await openModel(write('model.h5', await withKernel(make)));
    const kernel = model.graph.constants.get('dense/kernel')!;
    expect(kernel.source).toBeUndefined();
    expect(kernel.data).toEqual(Float32Array.from(large.values));
  });

  it('says which weights are no numbers', async () => {
    const bytes = await withKernel((group) => group.create_dataset({ name: 'kernel:0', data: ['a', 'b'] }));
    expect(await failure(write('model.h5', bytes))).toBe("weight 'kernel:0' of layer 'dense' holds no numbers");
  });
});
