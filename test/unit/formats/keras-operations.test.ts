import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { ramp, sequential, writeTfjs, type KerasLayer, type Weights } from './files.ts';
import { map, mean, pool, type Image } from './reference.ts';
import { largestDifference, noise, runModel, toNchw } from './run.ts';

const [H, W, C] = [6, 5, 4];
const input = noise([1, H, W, C]);
const image: Image = { shape: [H, W, C], data: [...input.data] };

const layer = (kind: string, config: Readonly<Record<string, unknown>> = {}): KerasLayer => ({
  class_name: kind,
  config: { name: 'layer', ...config },
});

const at = (y: number, x: number, c: number) => image.data[(y * W + x) * C + c]!;

function build(h: number, w: number, c: number, value: (y: number, x: number, k: number) => number): Image {
  const rows = Array.from({ length: h }, (_, y) =>
    Array.from({ length: w }, (__, x) => Array.from({ length: c }, (___, k) => value(y, x, k))),
  );
  return { shape: [h, w, c], data: rows.flat(2) };
}

/** Each value brought to mean 0 and variance 1 among those of its part, then · gamma + beta of its channel. */
function standardized(part: (y: number, x: number, c: number) => number, epsilon: number): Image {
  const parts = new Map<number, number[]>();
  build(H, W, C, (y, x, c) => {
    const own = parts.get(part(y, x, c)) ?? [];
    parts.set(part(y, x, c), [...own, at(y, x, c)]);
    return 0;
  });
  return build(H, W, C, (y, x, c) => {
    const values = parts.get(part(y, x, c))!;
    const centre = mean(values);
    const variance = mean(values.map((value) => (value - centre) ** 2));
    return ((at(y, x, c) - centre) / Math.sqrt(variance + epsilon)) * ramp(C).values[c]! + 2 * ramp(C).values[c]!;
  });
}

const beta = { shape: [C], values: ramp(C).values.map((value) => 2 * value) };
const scale: Weights = { layer: { gamma: ramp(C), beta } };

/** Linear between the centres of pixels, as TensorFlow resizes. */
function bilinear(h: number, w: number): Image {
  const place = (to: number, size: number, out: number) => {
    const from = Math.min(Math.max(((to + 0.5) * size) / out - 0.5, 0), size - 1);
    const low = Math.floor(from);
    return [low, Math.min(low + 1, size - 1), from - low] as const;
  };
  return build(h, w, C, (y, x, c) => {
    const [top, bottom, v] = place(y, H, h);
    const [left, right, u] = place(x, W, w);
    const row = (r: number) => at(r, left, c) * (1 - u) + at(r, right, c) * u;
    return row(top) * (1 - v) + row(bottom) * v;
  });
}

interface Case {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly weights?: Weights;
  readonly expected: Image;
}

const CASES: readonly Case[] = [
  {
    name: 'LayerNormalization',
    layers: [layer('LayerNormalization', { epsilon: 0.01 })],
    weights: scale,
    expected: standardized((y, x) => y * W + x, 0.01),
  },
  {
    name: 'GroupNormalization',
    layers: [layer('GroupNormalization', { groups: 2 })],
    weights: scale,
    expected: standardized((_, __, c) => Math.floor(c / 2), 1e-3),
  },
  {
    name: 'GroupNormalization of each channel alone',
    layers: [layer('GroupNormalization', { groups: -1 })],
    weights: scale,
    expected: standardized((_, __, c) => c, 1e-3),
  },
  {
    name: 'UnitNormalization',
    layers: [layer('UnitNormalization')],
    expected: build(H, W, C, (y, x, c) => at(y, x, c) / Math.hypot(...[0, 1, 2, 3].map((k) => at(y, x, k)))),
  },
  {
    name: 'a factor for each channel',
    layers: [layer('Custom>LayerScale')],
    weights: { layer: { gamma: ramp(C) } },
    expected: map(image, (value, c) => value * ramp(C).values[c]!),
  },
  {
    name: 'Resizing, linear',
    layers: [layer('Resizing', { height: 7, width: 3 })],
    expected: bilinear(7, 3),
  },
  {
    name: 'Resizing to the nearest',
    layers: [layer('Resizing', { height: 9, width: 4, interpolation: 'nearest' })],
    expected: build(9, 4, C, (y, x, c) => at(Math.floor(((y + 0.5) * H) / 9), Math.floor(((x + 0.5) * W) / 4), c)),
  },
  {
    name: 'CenterCrop',
    layers: [layer('CenterCrop', { height: 3, width: 2 })],
    expected: build(3, 2, C, (y, x, c) => at(y + 1, x + 1, c)),
  },
  {
    name: 'MaxPooling2D over zeros beside the image',
    layers: [
      layer('ReLU', { max_value: null, negative_slope: 1, threshold: 5 }),
      layer('ZeroPadding2D', { name: 'pad', padding: [1, 1] }),
      layer('MaxPooling2D', { name: 'pool', pool_size: [3, 3], strides: [2, 2] }),
    ],
    // All values are below 0: the zeros are the largest.
    expected: pool(
      build(H + 2, W + 2, C, (y, x, c) => (y < 1 || x < 1 || y > H || x > W ? 0 : at(y - 1, x - 1, c) - 5)),
      3,
      2,
      false,
      (values) => Math.max(...values),
    ),
  },
  {
    name: 'hard_tanh',
    layers: [layer('Rescaling', { scale: 3, name: 'wide' }), layer('Activation', { activation: 'hard_tanh' })],
    expected: map(image, (value) => Math.min(1, Math.max(-1, 3 * value))),
  },
  {
    name: 'log_sigmoid',
    layers: [layer('Activation', { activation: 'log_sigmoid' })],
    expected: map(image, (value) => Math.log(1 / (1 + Math.exp(-value)))),
  },
];

async function expectImage(path: string, expected: Image): Promise<void> {
  const model = await openModel(path);
  expect(model.unknown).toEqual([]);
  const [result] = await runModel(model, toNchw(input));
  const wanted = toNchw(float32(expected.data, [1, ...expected.shape]));
  expect(result!.shape).toEqual(wanted.shape);
  expect(largestDifference(result!.data as Float32Array, wanted.data)).toBeLessThan(1e-4);
  expect(inferShapes(model.graph).get(model.graph.outputs[0]!)!.slice(1)).toEqual(wanted.shape.slice(1));
}

describe('Keras layers that came later, against their definitions', () => {
  it.each(CASES)('$name', async ({ layers, weights = {}, expected }) => {
    const [first, ...rest] = layers;
    const shaped = { ...first!, config: { ...first!.config, batch_input_shape: [null, H, W, C] } };
    await expectImage(writeTfjs(sequential([shaped, ...rest]), weights), expected);
  });

  it('RepeatVector', async () => {
    const layers = [
      layer('GlobalMaxPooling2D', { name: 'pool', batch_input_shape: [null, H, W, C] }),
      layer('RepeatVector', { n: 2 }),
    ];
    const [result] = await runModel(await openModel(writeTfjs(sequential(layers), {})), toNchw(input));
    expect(result!.shape).toEqual([1, 2, C]);
    expect(result!.data.slice(0, C)).toEqual(result!.data.slice(C));
  });
});

/** x, called on an operation: `args` as Keras 3 writes them, `inbound` as Keras 2 does. */
function called(kind: string, inbound: unknown, config: object = {}) {
  return {
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: [
        { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_shape: [null, H, W, C] }, inbound_nodes: [] },
        { class_name: kind, name: 'op', config: { name: 'op', ...config }, inbound_nodes: inbound },
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['op', 0, 0]],
    },
  };
}

const X = { class_name: '__keras_tensor__', config: { shape: [null, H, W, C], keras_history: ['x', 0, 0] } };

describe('arithmetic with numbers', () => {
  it.each<[string, unknown, object, (value: number) => number]>([
    ['Add', [{ args: [X, 3], kwargs: {} }], {}, (x) => x + 3],
    ['Subtract', [{ args: [1, X], kwargs: {} }], {}, (x) => 1 - x],
    ['TrueDivide', [{ args: [X, 4], kwargs: {} }], {}, (x) => x / 4],
    ['Multiply', [{ args: [X, X], kwargs: {} }], {}, (x) => x * x],
    ['Negative', [{ args: [X], kwargs: {} }], {}, (x) => -x],
    ['TFOpLambda', [['x', 0, 0, { y: 3, name: null }]], { function: '__operators__.add' }, (x) => x + 3],
    ['TFOpLambda', [['x', 0, 0, { y: 127.5, name: null }]], { function: 'math.truediv' }, (x) => x / 127.5],
    [
      'TFOpLambda',
      [['_CONSTANT_VALUE', -1, 1, { y: ['x', 0, 0], name: null }]],
      { function: 'math.subtract' },
      (x) => 1 - x,
    ],
    ['TFOpLambda', [['x', 0, 0, { name: null }]], { function: 'nn.relu6' }, (x) => Math.min(6, Math.max(0, x))],
  ])('%s of %j', async (kind, inbound, config, f) => {
    await expectImage(writeTfjs(called(kind, inbound, config), {}), map(image, f));
  });

  it('that is not clear is not guessed', async () => {
    const model = await openModel(writeTfjs(called('TrueDivide', [{ args: [X, 1, 2], kwargs: {} }]), {}));
    expect(model.unknown).toEqual([{ op: 'TrueDivide', node: 'op' }]);
  });

  it("of a user's own class is not what Keras has under that name", async () => {
    const config = called('Add', [{ args: [X, 3], kwargs: {} }]);
    Object.assign(config.config.layers[1]!, { module: 'project.layers', registered_name: 'project>Add' });
    const model = await openModel(writeTfjs(config, {}));
    expect(model.unknown).toEqual([{ op: 'project>Add', node: 'op' }]);
  });
});
