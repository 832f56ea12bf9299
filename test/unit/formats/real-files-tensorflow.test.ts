import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import { hasShared, needsShared, SHARED, sharedModel } from '../../support/shared.ts';
import { runModel } from './run.ts';

const LENET = 'lenet-mnist-tensorspace/tensorflow';

interface Row {
  readonly file: string;
  readonly format: string;
  readonly input: string;
  readonly parameters: number;
  /** Name, kind, shape without the batch. */
  readonly layers: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    file: `${LENET}/rawModel/frozen/frozen_model.pb`,
    format: 'tensorflow',
    input: 'MyInput -1,1,32,32 NHWC',
    parameters: 61_706,
    layers: layers('MyInput', 32),
  },
  {
    file: `${LENET}/rawModel/saved/saved_model.pb`,
    format: 'tensorflow',
    input: 'input -1,1,32,32 NHWC',
    parameters: 61_706,
    layers: layers('input', 32),
  },
  {
    file: `${LENET}/convertedModel/graphModel/model.json`,
    format: 'tfjs',
    input: 'MyInput -1,1,28,28 NHWC',
    parameters: 44_426,
    layers: layers('MyInput', 28),
  },
];

/** LeNet for images of this size. */
function layers(input: string, size: number): string[] {
  const [first, second] = [size - 4, size / 2 - 6];
  return [
    `${input} Placeholder 1,${size},${size}`,
    `Conv2D Conv2D 6,${first},${first}`,
    `MyConv2D_1 Relu 6,${first},${first}`,
    `MyMaxPooling2D_1 MaxPool 6,${first / 2},${first / 2}`,
    `Conv2D_1 Conv2D 16,${second},${second}`,
    `MyConv2D_2 Relu 16,${second},${second}`,
    `MyMaxPooling2D_2 MaxPool 16,${second / 2},${second / 2}`,
    `Flatten/flatten Reshape ${4 * second * second}`,
    'MatMul MatMul 120',
    'MyDense_1 Relu 120',
    'MatMul_1 MatMul 84',
    'MyDense_2 Relu 84',
    'MatMul_2 MatMul 10',
    'MySoftMax Softmax 10',
  ];
}

const COUNT = 200;

/** The first digits of the test set, white on black, 0…1, in a frame of black where the network's input is larger. */
function digits(size: number): { readonly images: Tensor<'float32'>; readonly labels: Uint8Array } {
  const read = (name: string) => gunzipSync(readFileSync(join(SHARED, `data/mnist/t10k-${name}-ubyte.gz`)));
  const pixels = read('images-idx3').subarray(16);
  const margin = (size - 28) / 2;
  const images = new Float32Array(COUNT * size * size);
  for (let i = 0; i < COUNT; i++)
    for (let y = 0; y < 28; y++)
      for (let x = 0; x < 28; x++)
        images[(i * size + y + margin) * size + x + margin] = pixels[(i * 28 + y) * 28 + x]! / 255;
  return { images: float32(images, [COUNT, 1, size, size]), labels: read('labels-idx1').subarray(8, 8 + COUNT) };
}

describe.skipIf(!hasShared)(`real files of TensorFlow${needsShared}`, () => {
  it.each(ROWS)('$file', async (row) => {
    const model = await openModel(sharedModel(row.file));
    const { graph } = model;
    const shapes = inferShapes(graph);
    expect(model.format).toBe(row.format);
    expect(model.inputs.map(({ name, shape, layout }) => `${name} ${shape} ${layout}`)).toEqual([row.input]);
    expect(graph.outputs).toEqual(['MySoftMax']);
    expect([model.unknown, model.warnings]).toEqual([[], []]);
    const shown = model.layers.map(({ name, kind, output }) => `${name} ${kind} ${shapes.get(output)?.slice(1)}`);
    expect(shown).toEqual(row.layers);
    const weights = new Set(model.layers.flatMap((layer) => layer.weights));
    const parameters = [...weights].reduce((n, name) => n + graph.constants.get(name)!.data.length, 0);
    expect(parameters).toBe(row.parameters);

    const { images, labels } = digits(model.inputs[0]!.shape[2]!);
    const [result] = await runModel(model, images);
    const scores = result!.data as Float32Array;
    const right = labels.filter((label, i) => {
      const own = Array.from(scores.subarray(10 * i, 10 * i + 10));
      return own.indexOf(Math.max(...own)) === label;
    });
    expect(right).toHaveLength(199);
  });
});
