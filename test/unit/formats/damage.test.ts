import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { survives } from './damage.ts';
import { h5File, ramp, sequential, write } from './files.ts';

describe('damaged Keras files', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await h5File(
      sequential([
        { class_name: 'Conv2D', config: { name: 'conv', batch_input_shape: [null, 8, 8, 1], kernel_size: [3, 3] } },
        { class_name: 'MaxPooling2D', config: { name: 'pool' } },
        { class_name: 'Flatten', config: { name: 'flat' } },
        { class_name: 'Dense', config: { name: 'dense', activation: 'softmax' } },
      ]),
      {
        conv: { kernel: ramp(3, 3, 1, 4), bias: ramp(4) },
        pool: {},
        flat: {},
        dense: { kernel: ramp(36, 5), bias: ramp(5) },
      },
    );
  });

  it('open or tell', () => survives(bytes, 'model.h5', bytes.length), 60_000);

  it('leave the library whole', async () => {
    expect((await openModel(write('model.h5', bytes))).layers).toHaveLength(5);
  });
});

describe.skipIf(!hasShared)(`damaged real files${needsShared}`, () => {
  it('ONNX: open or tell', async () => {
    const bytes = readFileSync(sharedModel('mnist-onnx-wonnx/opt-mnist.onnx'));
    await survives(new Uint8Array(bytes), 'model.onnx', 600);
  }, 60_000);

  it('TensorFlow.js: open or tell', async () => {
    const folder = sharedModel('tinyvgg-tfjs');
    const shard = 'group1-shard1of1.bin';
    const bytes = new Uint8Array(readFileSync(join(folder, 'model.json')));
    await survives(bytes, 'model.json', bytes.length, { [shard]: readFileSync(join(folder, shard)) });
  }, 60_000);
});
