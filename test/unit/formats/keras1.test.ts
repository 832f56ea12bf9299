import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Model } from '../../../src/core/model.ts';
import { h5File, ramp, write, type KerasLayer } from './files.ts';
import { conv, convTranspose, map, pool, type Image, type Kernel } from './reference.ts';
import { largestDifference, noise, runModel, toNchw } from './run.ts';

type Listed = Readonly<Record<string, readonly (readonly [part: string, value: Kernel])[]>>;

/** As Keras 1 saves it: TensorFlow's names have a number, Theano's have not; the oldest files number layers and weights. */
type Kind = 'tensorflow' | 'theano' | 'numbered';

async function keras1File(
  config: unknown,
  layers: Listed,
  kind: Kind = 'tensorflow',
  version?: string,
): Promise<string> {
  const bytes = await h5File(undefined, {}, (file) => {
    file.create_attribute('model_config', JSON.stringify(config));
    if (version !== undefined) file.create_attribute('keras_version', version);
    const root = file.create_group('model_weights');
    if (kind === 'numbered') root.create_attribute('nb_layers', Object.keys(layers).length);
    else root.create_attribute('layer_names', Object.keys(layers));
    Object.entries(layers).forEach(([layer, weights], at) => {
      const group = root.create_group(kind === 'numbered' ? `layer_${at}` : layer);
      const names = weights.map(([part], i) =>
        kind === 'numbered' ? `param_${i}` : `${layer}_${part}${kind === 'theano' ? '' : ':0'}`,
      );
      if (kind === 'numbered') group.create_attribute('nb_params', weights.length);
      else if (names.length > 0) group.create_attribute('weight_names', names);
      weights.forEach(([, { shape, values }], i) =>
        group.create_dataset({ name: names[i]!, data: Float32Array.from(values), shape: [...shape] }),
      );
    });
  });
  return write('model.h5', bytes);
}

const layer = (kind: string, name: string, config: Readonly<Record<string, unknown>> = {}): KerasLayer => ({
  class_name: kind,
  config: { name, ...config },
});
const sequential = (...layers: readonly KerasLayer[]) => ({ class_name: 'Sequential', config: layers });

const [H, W] = [7, 8];
const TF = { dim_ordering: 'tf', batch_input_shape: [null, H, W, 3] };
const TH = { dim_ordering: 'th', batch_input_shape: [null, 3, H, W] };
const kernel = ramp(3, 2, 3, 4);
const bias = ramp(4);

/** Values in a new order of axes. */
function turned({ shape, values }: Kernel, perm: readonly number[], rotated = false): Kernel {
  const sizes = perm.map((axis) => shape[axis]!);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const result: number[] = [];
  const visit = (axis: number, from: number) => {
    if (axis === perm.length) return void result.push(values[from]!);
    for (let i = 0; i < sizes[axis]!; i++) {
      const at = rotated && axis >= 2 ? sizes[axis]! - 1 - i : i;
      visit(axis + 1, from + at * strides[perm[axis]!]!);
    }
  };
  visit(0, 0);
  return { shape: sizes, values: result };
}

const input = noise([1, H, W, 3]);
const image: Image = { shape: [H, W, 3], data: [...input.data] };

async function expectResult(model: Model, expected: Image): Promise<void> {
  const [result] = await runModel(model, toNchw(input));
  const wanted = toNchw(float32(expected.data, [1, ...expected.shape]));
  expect(result!.shape).toEqual(wanted.shape);
  expect(largestDifference(result!.data as Float32Array, wanted.data)).toBeLessThan(1e-5);
}

const CONV = { nb_filter: 4, nb_row: 3, nb_col: 2, subsample: [2, 2], border_mode: 'same', bias: true };

const THEANO =
  "The file is of Keras 1 and does not say what ran it; by its weights' names that was Theano, whose kernels are rotated.";

describe('Keras 1', () => {
  it('from TensorFlow, with the channels last', async () => {
    const statistics = { gamma: ramp(4), beta: ramp(4), mean: ramp(4), variance: { shape: [4], values: [1, 2, 3, 4] } };
    const config = sequential(
      layer('Convolution2D', 'conv', { ...TF, ...CONV, activation: 'relu' }),
      layer('BatchNormalization', 'norm', { mode: 0, axis: -1, epsilon: 0.01 }),
      layer('MaxPooling2D', 'pool', { pool_size: [2, 2], strides: [2, 2], border_mode: 'valid', dim_ordering: 'tf' }),
    );
    const weights = { conv: [['W', kernel], ['b', bias]], norm: [['gamma', statistics.gamma], ['beta', statistics.beta], ['running_mean', statistics.mean], ['running_std', statistics.variance]], pool: [] } as const; // prettier-ignore
    const model = await openModel(await keras1File(config, weights, 'tensorflow', '1.2.2'));
    expect(model.layers.map(({ kind }) => kind)).toEqual([
      'InputLayer',
      'Convolution2D',
      'BatchNormalization',
      'MaxPooling2D',
    ]);
    expect(model.warnings).toEqual([]);
    const active = map(conv(image, kernel, bias, 2, true), (x) => Math.max(0, x));
    const normal = map(active, (x, c) => {
      const [gamma, mean] = [ramp(4).values[c]!, ramp(4).values[c]!];
      return ((x - mean) / Math.sqrt(c + 1 + 0.01)) * gamma + gamma;
    });
    await expectResult(
      model,
      pool(normal, 2, 2, false, (values) => Math.max(...values)),
    );
  });

  const rows: readonly (readonly [Kind, object, readonly number[], boolean, readonly string[]])[] = [
    ['tensorflow', TH, [3, 2, 0, 1], false, []],
    ['theano', TH, [3, 2, 0, 1], true, [THEANO]],
    ['numbered', TH, [3, 2, 0, 1], true, [THEANO]],
  ];
  it.each(rows)('from %s, with the channels first', async (kind, shape, perm, rotated, warnings) => {
    const config = sequential(layer('Convolution2D', 'conv', { ...shape, ...CONV }));
    const weights = { conv: [['W', turned(kernel, perm, rotated)], ['b', bias]] } as const; // prettier-ignore
    const model = await openModel(await keras1File(config, weights, kind));
    expect(model.inputs[0]!.layout).toBe('NCHW');
    expect(model.warnings).toEqual(warnings);
    await expectResult(model, conv(image, kernel, bias, 2, true));
  });

  it.each([
    ['sum', (a: number, b: number) => a + b],
    ['mul', (a: number, b: number) => a * b],
    ['ave', (a: number, b: number) => (a + b) / 2],
    ['max', Math.max],
  ])('merges by %s', async (mode, merge) => {
    const model = await openModel(await keras1File(merged({ mode }), {}));
    const relu = map(image, (x) => Math.max(0, x));
    await expectResult(model, { shape: image.shape, data: image.data.map((x, i) => merge(x, relu.data[i]!)) });
  });

  it('merges by putting one behind the other', async () => {
    const model = await openModel(await keras1File(merged({ mode: 'concat', concat_axis: 1 }), {}));
    const relu = map(image, (x) => Math.max(0, x));
    await expectResult(model, { shape: [2 * H, W, 3], data: [...image.data, ...relu.data] });
  });

  it.each([
    [merged({ mode: 'cos' }), 'Merge cos'],
    [merged({ mode: ['code', null], mode_type: 'lambda' }), 'Merge by a function'],
    [sequential(layer('BatchNormalization', 'merge', { ...TF, mode: 1 })), 'BatchNormalization of mode 1'],
  ])('says what it does not know', async (config, op) => {
    const model = await openModel(await keras1File(config, {}));
    expect(model.unknown).toEqual([{ op, node: 'merge' }]);
  });

  it('begins with several models', async () => {
    const dense = (name: string, size: number) =>
      sequential(layer('Dense', name, { output_dim: 2, batch_input_shape: [null, size] }));
    const config = sequential(layer('Merge', 'merge', { mode: 'sum', layers: [dense('a', 3), dense('b', 4)] }));
    const weights = { a: [['W', ramp(3, 2)], ['b', ramp(2)]], b: [['W', ramp(4, 2)], ['b', ramp(2)]] } as const; // prettier-ignore
    const model = await openModel(await keras1File(config, weights));
    expect(model.inputs.map(({ shape }) => shape)).toEqual([
      [-1, 3],
      [-1, 4],
    ]);
    expect(model.layers.filter(({ kind }) => kind === 'Dense').map(({ weights: own }) => own.length)).toEqual([2, 2]);
  });

  it('says the size of a transposed convolution', async () => {
    const back = ramp(3, 3, 5, 3);
    const shape = { output_shape: [null, 2 * H, 2 * W, 5], subsample: [2, 2], border_mode: 'same' };
    const config = sequential(layer('Deconvolution2D', 'up', { ...TF, nb_filter: 5, nb_row: 3, nb_col: 3, ...shape }));
    const weights = { up: [['W', turned(back, [0, 1, 3, 2])], ['b', ramp(5)]] } as const; // prettier-ignore
    const model = await openModel(await keras1File(config, weights));
    await expectResult(model, convTranspose(image, back, ramp(5), 2, true));
  });

  it.each([
    [{ top_pad: 1, left_pad: 2 }, [1, 0, 2, 0]],
    [
      [1, 2, 3, 0],
      [1, 2, 3, 0],
    ],
    [
      [1, 2],
      [1, 1, 2, 2],
    ],
  ])('pads %j', async (padding, [top, bottom, left, right]) => {
    const model = await openModel(await keras1File(sequential(layer('ZeroPadding2D', 'pad', { ...TF, padding })), {}));
    const [result] = await runModel(model, toNchw(input));
    expect(result!.shape).toEqual([1, 3, H + top! + bottom!, W + left! + right!]);
    expect(result!.data[top! * (W + left! + right!) + left!]).toBe(input.data[0]);
  });
});

/** The image and its positive part, merged. */
function merged(settings: Readonly<Record<string, unknown>>) {
  const from = (...names: string[]) => [names.map((name) => [name, 0, 0])];
  return {
    class_name: 'Model',
    config: {
      name: 'model',
      layers: [
        {
          class_name: 'InputLayer',
          name: 'x',
          config: { name: 'x', batch_input_shape: [null, H, W, 3] },
          inbound_nodes: [],
        },
        {
          class_name: 'Activation',
          name: 'relu',
          config: { name: 'relu', activation: 'relu' },
          inbound_nodes: from('x'),
        },
        {
          class_name: 'Merge',
          name: 'merge',
          config: { name: 'merge', ...settings },
          inbound_nodes: from('x', 'relu'),
        },
        {
          class_name: 'ZeroPadding2D',
          name: 'none',
          config: { name: 'none', padding: [0, 0], dim_ordering: 'tf' },
          inbound_nodes: from('merge'),
        },
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['none', 0, 0]],
    },
  };
}
