import { strToU8, zipSync } from 'fflate';
import type { Group } from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { failure, h5File, ramp, sequential, tfjsFile, write } from './files.ts';

const network = sequential([
  {
    class_name: 'Conv2D',
    config: { name: 'conv', batch_input_shape: [null, 6, 6, 2], filters: 3, kernel_size: [3, 3], padding: 'valid' },
  },
]);
const weights = { conv: { kernel: ramp(3, 3, 2, 3), bias: ramp(3) } };

describe('malformed Keras files', () => {
  it('garbage', async () => {
    expect(await failure(write('model.h5', 'this is no model at all'))).toBe(
      'no HDF5 signature at its beginning; a Keras model saved as .h5 was expected',
    );
  });

  it('truncated', async () => {
    const bytes = await h5File(network, weights);
    expect(await failure(write('model.h5', bytes.subarray(0, bytes.length - 3000)))).toBe(
      'its HDF5 structure is damaged or ends early; save or copy it again',
    );
  });

  it('with a heap of texts that never ends', async () => {
    const bytes = await h5File(network, weights);
    const heap = Buffer.from(bytes).indexOf('GCOL');
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let object = heap + 16;
    while (view.getUint16(object, true) !== 0)
      object += 16 + Math.ceil(Number(view.getBigUint64(object + 8, true)) / 8) * 8;
    view.setBigUint64(object + 8, 0n, true);
    expect(await failure(write('model.h5', bytes))).toBe(
      'its HDF5 structure is damaged or ends early; save or copy it again',
    );
  });

  it('without a model and without weights', async () => {
    expect(await failure(write('model.h5', await h5File(undefined, {})))).toBe(
      "neither a Keras model (no attribute 'model_config') nor weights of one; save the whole model (model.save)",
    );
  });

  it.each([
    ['no model', 'text', "its attribute 'model_config' is no JSON; save the model again"],
    [{ class_name: 'Model' }, 'json', 'the model configuration is no JSON object; save the model again'],
    [
      { class_name: 'Transformer', config: {} },
      'json',
      "the model is of the class 'Transformer'; Sequential or Functional was expected: save it as one of these",
    ],
    [sequential([]), 'json', 'the model has no layers'],
  ])('with the configuration %j', async (config, kind, message) => {
    const bytes = await h5File(undefined, weights, (file) =>
      file.create_attribute('model_config', kind === 'text' ? '{"class_name": ' : JSON.stringify(config)),
    );
    expect(await failure(write('model.h5', bytes))).toBe(message);
  });

  it('without a weight', async () => {
    expect(await failure(write('model.h5', await h5File(network, { conv: { kernel: ramp(3, 3, 2, 3) } })))).toBe(
      "layer 'conv' has no weight 'bias' in the file; save the whole model with its weights",
    );
  });

  it('with a weight of other axes', async () => {
    expect(
      await failure(write('model.h5', await h5File(network, { conv: { ...weights.conv, kernel: ramp(54) } }))),
    ).toBe("weight 'conv/kernel' has 1 axes; 4 were expected");
  });

  it('with 10 GB declared in a few kilobytes', async () => {
    const bytes = await h5File(network, { conv: {} }, (file) => {
      const layer = (file.get('model_weights') as Group).get('conv') as Group;
      layer.create_attribute('weight_names', ['conv/kernel:0']);
      layer
        .create_group('conv')
        .create_dataset({
          name: 'kernel:0',
          data: new Float32Array(1),
          shape: [1, 1],
          maxshape: [null, null],
          chunks: [1, 1],
        })
        .resize([50_000, 40_000]);
    });
    expect(bytes.length).toBeLessThan(20_000);
    expect(await failure(write('model.h5', bytes))).toBe(
      `weight 'conv/kernel:0' of layer 'conv' declares [50000, 40000], 8000000000 bytes, in a file of ${bytes.length}; it is damaged`,
    );
  });

  it('with layers in a circle', async () => {
    const layer = (name: string, from: string[]) => ({
      class_name: 'Add',
      name,
      config: { name },
      inbound_nodes: [from.map((other) => [other, 0, 0, {}])],
    });
    const input = {
      class_name: 'InputLayer',
      name: 'x',
      config: { name: 'x', batch_input_shape: [null, 4] },
      inbound_nodes: [],
    };
    const config = {
      class_name: 'Functional',
      config: {
        layers: [input, layer('a', ['x', 'b']), layer('b', ['a', 'x'])],
        input_layers: [['x', 0, 0]],
        output_layers: [['b', 0, 0]],
      },
    };
    expect(await failure(write('model.h5', await h5File(config, {})))).toBe(
      "the graph has a cycle through layer 'a'; it can't be run",
    );
  });
});

describe('malformed Keras archives', () => {
  const json = (value: unknown) => strToU8(JSON.stringify(value));
  const whole = { 'metadata.json': json({ keras_version: '3.0.0' }), 'config.json': json(network) };

  it.each([
    [
      'garbage',
      () => strToU8('this is no zip'),
      'not a whole zip archive, which a .keras file is; save or copy it again',
    ],
    ['truncated', () => zipSync(whole).subarray(0, 100), 'the zip archive has no end, it was cut off; copy it again'],
    ['without weights', () => zipSync(whole), "no 'model.weights.h5' in the archive; save the model again"],
    [
      'without a configuration',
      () => zipSync({ ...whole, 'config.json': strToU8('{'), 'model.weights.h5': json(0) }),
      "its 'config.json' is no JSON; save the model again",
    ],
    [
      'with weights that are no HDF5',
      () => zipSync({ ...whole, 'model.weights.h5': strToU8('no') }),
      'its HDF5 structure is damaged or ends early; save or copy it again',
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await failure(write('model.keras', bytes()))).toBe(message);
  });
});

describe('malformed TensorFlow.js files', () => {
  const { json, shard } = tfjsFile(network, weights);
  const edited = (
    change: (model: { weightsManifest: { paths: string[]; weights: { shape: number[]; dtype: string }[] }[] }) => void,
  ) => {
    const model = JSON.parse(json);
    change(model);
    return JSON.stringify(model);
  };
  const rows: readonly (readonly [what: string, json: string, message: string])[] = [
    ['truncated', json.slice(0, 300), 'not whole JSON; a TensorFlow.js model.json was expected: copy it again'],
    [
      'another JSON file',
      '{"name": "layerscope"}',
      "no TensorFlow.js model: 'modelTopology' and 'weightsManifest' were expected; choose a model.json",
    ],
    [
      'JSON that is no object',
      'null',
      "no TensorFlow.js model: 'modelTopology' and 'weightsManifest' were expected; choose a model.json",
    ],
    [
      'with a shard that is missing',
      edited((model) => (model.weightsManifest[0]!.paths = ['lost.bin'])),
      "it needs 'lost.bin': there is no such file; check the path, or copy it there",
    ],
    [
      'with a shard outside its folder',
      edited((model) => (model.weightsManifest[0]!.paths = ['../shard.bin'])),
      "it names '../shard.bin', outside its own folder, which is not read; put the file beside the model",
    ],
    [
      'with 8 GB declared',
      edited((model) => (model.weightsManifest[0]!.weights[0]!.shape = [50_000, 40_000])),
      "weight 'conv/kernel' declares [50000, 40000] of float32, up to byte 8000000000, but 'shard.bin' has 228 bytes; copy the shards again",
    ],
    [
      'with a size that is none',
      edited((model) => (model.weightsManifest[0]!.weights[0]!.shape = [1.5, 2])),
      "weight 'conv/kernel' has the shape [1.5, 2]; sizes of zero or more were expected",
    ],
    [
      'with fewer weights than bytes',
      edited((model) => model.weightsManifest[0]!.weights.pop()),
      "'shard.bin' has 228 bytes where the weights fill 216; the shards belong to another model",
    ],
    [
      'with an unknown type',
      edited((model) => (model.weightsManifest[0]!.weights[0]!.dtype = 'complex64')),
      "weight 'conv/kernel' has the type 'complex64', which is not known",
    ],
  ];

  it.each(rows)('%s', async (_, text, message) => {
    expect(await failure(write('model.json', text, { 'shard.bin': shard }))).toBe(message);
  });

  it('with a shard that is too short', async () => {
    expect(await failure(write('model.json', json, { 'shard.bin': shard.subarray(0, 220) }))).toBe(
      "weight 'conv/bias' declares [3] of float32, up to byte 228, but 'shard.bin' has 220 bytes; copy the shards again",
    );
  });
});
