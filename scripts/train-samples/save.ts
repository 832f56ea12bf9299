import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import h5wasm from 'h5wasm/node';
import { PNG } from 'pngjs';
import { encodeOnnx } from '../../src/core/formats/onnx/encode.ts';
import { inferShapes } from '../../src/core/graph/shapes.ts';
import { SIDE, type Digit } from './digits.ts';
import { KERAS_VERSION, kerasWeights, modelConfig } from './keras.ts';
import { INPUT, LAYERS, trainedGraph, type Weights } from './network.ts';

/** The file that Keras 2 writes with `model.save('….h5')`, without the optimizer. */
export async function saveKeras(file: string, weights: Weights): Promise<void> {
  await h5wasm.ready;
  const h5 = new h5wasm.File(file, 'w');
  const root = h5.create_group('model_weights');
  for (const group of [h5, root]) {
    group.create_attribute('backend', 'tensorflow');
    group.create_attribute('keras_version', KERAS_VERSION);
  }
  h5.create_attribute('model_config', JSON.stringify(modelConfig()));
  root.create_attribute('layer_names', [INPUT, ...LAYERS.map(({ name }) => name)]);
  root.create_group(INPUT).create_attribute('weight_names', new Float64Array(0), [0]);
  for (const layer of LAYERS) {
    const group = root.create_group(layer.name);
    const tensors = kerasWeights(layer, weights);
    if (tensors.length)
      group.create_attribute(
        'weight_names',
        tensors.map(({ name }) => `${layer.name}/${name}:0`),
      );
    else group.create_attribute('weight_names', new Float64Array(0), [0]);
    const inner = tensors.length ? group.create_group(layer.name) : group;
    for (const { name, shape, data } of tensors)
      inner.create_dataset({ name: `${name}:0`, data, shape: [...shape], dtype: '<f4' });
  }
  h5.close();
}

export function saveOnnx(file: string, weights: Weights): void {
  const graph = trainedGraph(weights);
  writeFileSync(file, encodeOnnx(graph, { name: 'digits', shapes: inferShapes(graph) }));
}

/** The two files of a tfjs-layers model: `model.json` and one shard of weights. */
export function saveTfjs(folder: string, weights: Weights): void {
  mkdirSync(folder, { recursive: true });
  const tensors = LAYERS.flatMap((layer) =>
    kerasWeights(layer, weights).map(({ name, shape, data }) => ({ name: `${layer.name}/${name}`, shape, data })),
  );
  const shard = Buffer.concat(tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  const manifest = tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const model = {
    format: 'layers-model',
    generatedBy: `keras v${KERAS_VERSION}`,
    convertedBy: null,
    modelTopology: { keras_version: KERAS_VERSION, backend: 'tensorflow', model_config: modelConfig() },
    weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: manifest }],
  };
  writeFileSync(path.join(folder, 'model.json'), `${JSON.stringify(model, null, 2)}\n`);
  writeFileSync(path.join(folder, 'group1-shard1of1.bin'), shard);
}

/** A digit as it is in MNIST: white ink on black, 28×28. */
export function saveDigit(file: string, digit: Digit): void {
  const png = new PNG({ width: SIDE, height: SIDE, colorType: 0 });
  digit.pixels.forEach((ink, i) =>
    png.data.fill(Math.round(ink * 255), i * 4, i * 4 + 3).fill(255, i * 4 + 3, i * 4 + 4),
  );
  writeFileSync(file, PNG.sync.write(png, { colorType: 0 }));
}
