import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import type { Model } from '../../../src/core/model.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { failure, folder, h5File, ramp, sequential, write } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const MISSING = (stem: string) =>
  'the file has weights alone, not the network; its filters can be shown. To see all, save the whole model in Python: ' +
  `model.save('${stem}.keras'), or write model.to_json() to ${stem}.json beside it`;

const listed = ({ layers, graph }: Model) =>
  layers.map(
    ({ name, kind, weights }) =>
      `${name} ${kind} ${weights.map((w) => graph.constants.get(w)!.shape.join('×')).join(' ')}`,
  );

/** A file of `save_weights`: what a whole model has in a group stands at its root. */
async function weightsFile(weights: Parameters<typeof h5File>[1]): Promise<Uint8Array> {
  return await h5File(undefined, {}, (file) => {
    file.create_attribute('layer_names', Object.keys(weights));
    for (const [layer, own] of Object.entries(weights)) {
      const group = file.create_group(layer);
      group.create_attribute(
        'weight_names',
        Object.keys(own).map((name) => `${layer}/${name}:0`),
      );
      const inner = group.create_group(layer);
      for (const [name, { shape, values }] of Object.entries(own))
        inner.create_dataset({ name: `${name}:0`, data: Float32Array.from(values), shape: [...shape] });
    }
  });
}

describe('Keras weights without their network', () => {
  it('are layers with their filters', async () => {
    const bytes = await weightsFile({
      conv: { kernel: ramp(3, 2, 5, 4), bias: ramp(4) },
      deep: { depthwise_kernel: ramp(3, 3, 4, 2) },
      norm: { gamma: ramp(4), beta: ramp(4), moving_mean: ramp(4), moving_variance: ramp(4) },
      up: { kernel: ramp(2, 2, 6, 8), bias: ramp(6) },
      dense: { kernel: ramp(8, 3), bias: ramp(3) },
    });
    const model = await openModel(write('net.weights.h5', bytes));
    expect(listed(model)).toEqual([
      'conv Conv2D 4×5×3×2 4',
      'deep DepthwiseConv2D 8×1×3×3',
      'norm BatchNormalization 4 4 4 4',
      'up Conv2DTranspose 8×6×2×2 6',
      'dense Dense 8×3 3',
    ]);
    expect(model.missing).toBe(MISSING('net'));
    expect(model.inputs).toEqual([]);
    // Filter 1, input 0, at row 2 and column 1.
    const kernel = model.graph.constants.get('conv/kernel')!.data;
    expect(kernel[((1 * 5 + 0) * 3 + 2) * 2 + 1]).toBeCloseTo(ramp(3, 2, 5, 4).values[((2 * 2 + 1) * 5 + 0) * 4 + 1]!);
  });

  it('of Keras 3 are found by their numbers, and named as the file says', async () => {
    const bytes = await h5File(undefined, {}, (file) => {
      const layers = file.create_group('layers');
      const variables = (group: Group, name: string | undefined, ...shapes: readonly (readonly number[])[]) => {
        const vars = group.create_group('vars');
        if (name !== undefined) vars.create_attribute('name', name);
        shapes.forEach((shape, i) => {
          const { values } = ramp(...shape);
          vars.create_dataset({ name: String(i), data: Float32Array.from(values), shape: [...shape] });
        });
      };
      variables(layers.create_group('conv2d'), 'stem', [3, 3, 1, 4], [4]);
      variables(layers.create_group('depthwise_conv2d_1'), undefined, [3, 3, 4, 1]);
      variables(layers.create_group('batch_normalization'), 'bn', [4], [4], [4], [4]);
      variables(layers.create_group('functional').create_group('layers').create_group('dense'), undefined, [4, 2], [2]);
      variables(file.create_group('optimizer'), 'adam', [4, 2]);
    });
    expect(listed(await openModel(write('a.weights.h5', bytes)))).toEqual([
      'bn BatchNormalization 4 4 4 4',
      'stem Conv2D 4×1×3×3 4',
      'depthwise_conv2d_1 DepthwiseConv2D 4×1×3×3',
      'functional/dense Dense 4×2 2',
    ]);
  });

  it.each(['topology.json', 'net.json', 'architecture.json'])(
    'with the network beside them in %s are whole',
    async (name) => {
      const config = sequential([
        { class_name: 'Dense', config: { name: 'dense', batch_input_shape: [null, 8], activation: 'relu' } },
      ]);
      const bytes = await weightsFile({ dense: { kernel: ramp(8, 3), bias: ramp(3) } });
      const model = await openModel(write('net.h5', bytes, { [name]: JSON.stringify(config) }));
      expect(model.warnings).toEqual([`The network is read from '${name}' beside the weights.`]);
      expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Gemm', 'Relu']);
      expect(model.missing).toBeUndefined();
    },
  );

  it('numbered by class are whole with the network beside them', async () => {
    const dense = (name: string) => ({ class_name: 'Dense', config: { name, use_bias: false } });
    const [first, ...rest] = [dense('b'), dense('a')];
    const config = sequential([{ ...first!, config: { ...first!.config, batch_input_shape: [null, 3] } }, ...rest]);
    const bytes = await h5File(undefined, {}, (file) => {
      const layers = file.create_group('layers');
      ['dense', 'dense_1'].forEach((group, i) => {
        const data = Float32Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? i + 2 : 0));
        layers
          .create_group(group)
          .create_group('vars')
          .create_dataset({ name: '0', data, shape: [3, 3] });
      });
    });
    const model = await openModel(write('net.weights.h5', bytes, { 'net.json': JSON.stringify(config) }));
    expect(
      model.layers.slice(1).map(({ name, weights }) => [name, model.graph.constants.get(weights[0]!)!.data[0]]),
    ).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
  });

  it('take no other JSON for the network', async () => {
    const bytes = await weightsFile({ dense: { kernel: ramp(8, 3), bias: ramp(3) } });
    const model = await openModel(write('net.h5', bytes, { 'model.json': '{"class_name": 3}', 'net.json': '{' }));
    expect(model.missing).toBe(MISSING('net'));
  });
});

describe('Keras architectures', () => {
  const config = sequential([
    { class_name: 'Dense', config: { name: 'dense', batch_input_shape: [null, 8], activation: 'relu' } },
  ]);

  it.each(['net.weights.h5', 'net.h5', 'weights.h5'])(
    'are whole with their weights beside them in %s',
    async (name) => {
      const bytes = await weightsFile({ dense: { kernel: ramp(8, 3), bias: ramp(3) } });
      const model = await openModel(write('net.json', JSON.stringify(config), { [name]: bytes }));
      expect([model.format, ...model.warnings]).toEqual([
        'keras',
        `The weights are read from '${name}' beside the network.`,
      ]);
      expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Gemm', 'Relu']);
    },
  );

  it('alone show their layers', async () => {
    const model = await openModel(write('net.json', JSON.stringify(config), { 'weights.h5': 'no HDF5' }));
    expect(listed(model)).toEqual(['dense_input InputLayer ', 'dense Dense ']);
    expect(model.missing).toBe(
      'the file has the network without its weights; put them beside it as net.weights.h5 (model.save_weights), ' +
        "or save the whole model in Python: model.save('net.keras')",
    );
  });

  it.each([
    ['{"class_name": "Model", ', 'not whole JSON; a Keras architecture was expected: copy it again'],
    [
      '{"class_name": 3}',
      "no Keras architecture: 'class_name' and 'config' of a model were expected; choose another file",
    ],
  ])('say what is wrong in %s', async (text, message) => {
    expect(await failure(write('net.json', text))).toBe(message);
  });
});

describe.skipIf(!hasShared)(`real Keras weights${needsShared}`, () => {
  const SEPARATED = 'lenet-mnist-tensorspace/keras/rawModel/separated';

  it('with the topology beside them give what the whole file gives', async () => {
    const whole = await openModel(sharedModel('lenet-mnist-tensorspace/keras/rawModel/combined/mnist.h5'));
    const parts = await openModel(sharedModel(SEPARATED, 'weights.h5'));
    expect(parts.warnings).toEqual(["The network is read from 'topology.json' beside the weights."]);
    expect(parts.layers.map(({ kind }) => kind)).toEqual(whole.layers.map(({ kind }) => kind));
    const [expected] = await runModel(whole, noise([2, 1, 28, 28]));
    const [given] = await runModel(parts, noise([2, 1, 28, 28]));
    expect(largestDifference(given!.data as Float32Array, expected!.data as Float32Array)).toBeLessThan(1e-6);
  });

  it('are found beside the topology', async () => {
    const model = await openModel(sharedModel(SEPARATED, 'topology.json'));
    expect(model.warnings).toEqual(["The weights are read from 'weights.h5' beside the network."]);
    expect(model.layers).toHaveLength(10);
  });

  it('alone show their filters', async () => {
    const path = join(mkdtempSync(join(folder, 'alone-')), 'weights.h5');
    copyFileSync(sharedModel(SEPARATED, 'weights.h5'), path);
    const model = await openModel(path);
    expect(listed(model)).toEqual([
      'Conv2D_1 Conv2D 6×1×5×5 6',
      'Conv2D_2 Conv2D 16×6×5×5 16',
      'Dense_1 Dense 256×120 120',
      'Dense_2 Dense 120×84 84',
      'Softmax Dense 84×10 10',
    ]);
    expect(model.warnings).toEqual([MISSING('weights').replace('the', 'The')]);
  });
});
