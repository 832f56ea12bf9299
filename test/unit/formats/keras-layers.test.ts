import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { ramp, sequential, writeTfjs, type KerasLayer, type Weights } from './files.ts';
import { conv, convTranspose, dense, depthwise, map, mean, pool, type Image } from './reference.ts';
import { largestDifference, noise, runModel, toNchw } from './run.ts';

const HEIGHT = 7;
const WIDTH = 8;

interface Case {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly weights?: Weights;
  readonly expected: (image: Image) => Image | readonly number[];
}

const layer = (
  kind: string,
  config: Readonly<Record<string, unknown>> = {},
  name = kind.toLowerCase(),
): KerasLayer => ({
  class_name: kind,
  config: { name, ...config },
});

const kernel = ramp(3, 2, 3, 4);
const bias = ramp(4);
const zeros = (count: number) => ({ shape: [count], values: new Array<number>(count).fill(0) });

const windows = [1, 2, 3].flatMap((stride) => ['same', 'valid'].map((padding) => ({ stride, padding })));

const CASES: readonly Case[] = [
  ...windows.flatMap(({ stride, padding }): Case[] => {
    const same = padding === 'same';
    const say = `stride ${stride}, ${padding}`;
    const set = { strides: [stride, stride], padding };
    const spread = ramp(3, 3, 3, 2);
    const back = ramp(3, 2, 4, 3);
    return [
      {
        name: `Conv2D, ${say}`,
        layers: [layer('Conv2D', { kernel_size: [3, 2], ...set })],
        weights: { conv2d: { kernel, bias } },
        expected: (image) => conv(image, kernel, bias, stride, same),
      },
      {
        name: `DepthwiseConv2D, ${say}`,
        layers: [layer('DepthwiseConv2D', { kernel_size: [3, 3], use_bias: false, ...set })],
        weights: { depthwiseconv2d: { depthwise_kernel: spread } },
        expected: (image) => depthwise(image, spread, stride, same),
      },
      {
        name: `SeparableConv2D, ${say}`,
        layers: [layer('SeparableConv2D', { kernel_size: [3, 3], ...set })],
        weights: { separableconv2d: { depthwise_kernel: spread, pointwise_kernel: ramp(1, 1, 6, 4), bias } },
        expected: (image) => conv(depthwise(image, spread, stride, same), ramp(1, 1, 6, 4), bias),
      },
      {
        name: `Conv2DTranspose, ${say}`,
        layers: [layer('Conv2DTranspose', { kernel_size: [3, 2], ...set })],
        weights: { conv2dtranspose: { kernel: back, bias } },
        expected: (image) => convTranspose(image, back, bias, stride, same),
      },
      {
        name: `MaxPooling2D, ${say}`,
        layers: [layer('MaxPooling2D', { pool_size: [3, 3], ...set })],
        expected: (image) => pool(image, 3, stride, same, (values) => Math.max(...values)),
      },
      {
        name: `AveragePooling2D, ${say}: padding does not count`,
        layers: [layer('AveragePooling2D', { pool_size: [3, 3], ...set })],
        expected: (image) => pool(image, 3, stride, same, mean),
      },
    ];
  }),
  {
    name: 'Flatten keeps the order N×H×W×C',
    layers: [layer('Flatten')],
    expected: (image) => image.data,
  },
  {
    name: 'Dense after Flatten',
    layers: [layer('Flatten'), layer('Dense')],
    weights: { dense: { kernel: ramp(HEIGHT * WIDTH * 3, 4), bias } },
    expected: (image) => dense(image.data, ramp(HEIGHT * WIDTH * 3, 4), bias),
  },
  {
    name: 'Dense on the channels of an image',
    layers: [layer('Dense')],
    weights: { dense: { kernel: ramp(3, 4), bias } },
    expected: (image) => conv(image, { ...ramp(3, 4), shape: [1, 1, 3, 4] }, bias),
  },
  {
    name: 'Reshape to another image',
    layers: [layer('Reshape', { target_shape: [4, -1, 6] }), layer('Conv2D', { kernel_size: [1, 1] })],
    weights: { conv2d: { kernel: ramp(1, 1, 6, 4), bias } },
    expected: ({ data }) => conv({ shape: [4, 7, 6], data }, ramp(1, 1, 6, 4), bias),
  },
  {
    name: 'Permute',
    layers: [layer('Permute', { dims: [2, 1, 3] }), layer('Flatten')],
    expected: ({ data }) =>
      Array.from({ length: WIDTH }, (_, x) =>
        Array.from({ length: HEIGHT }, (__, y) => data.slice((y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)),
      ).flat(2),
  },
  {
    name: 'BatchNormalization',
    layers: [layer('BatchNormalization', { epsilon: 0.01, axis: [3] })],
    weights: {
      batchnormalization: {
        gamma: ramp(3),
        beta: ramp(3),
        moving_mean: ramp(3),
        moving_variance: { shape: [3], values: [1, 2, 3] },
      },
    },
    expected: (image) =>
      map(
        image,
        (x, c) => ((x - ramp(3).values[c]!) / Math.sqrt(c + 1 + 0.01)) * ramp(3).values[c]! + ramp(3).values[c]!,
      ),
  },
  {
    name: 'BatchNormalization without scale and shift',
    layers: [layer('BatchNormalization', { scale: false, center: false })],
    weights: { batchnormalization: { moving_mean: zeros(3), moving_variance: { shape: [3], values: [4, 4, 4] } } },
    expected: (image) => map(image, (x) => x / Math.sqrt(4.001)),
  },
  {
    name: 'ZeroPadding2D, then Cropping2D of the same',
    layers: [
      layer('ZeroPadding2D', {
        padding: [
          [1, 2],
          [3, 0],
        ],
      }),
      layer('Cropping2D', {
        cropping: [
          [1, 2],
          [3, 0],
        ],
      }),
    ],
    expected: (image) => image,
  },
  {
    name: 'UpSampling2D',
    layers: [layer('UpSampling2D', { size: [2, 2] }), layer('AveragePooling2D', { pool_size: [2, 2] })],
    expected: (image) => image,
  },
  {
    name: 'GlobalAveragePooling2D',
    layers: [layer('GlobalAveragePooling2D')],
    expected: ({ data }) => [0, 1, 2].map((c) => mean(data.filter((_, i) => i % 3 === c))),
  },
  {
    name: 'ReLU with a slope, a threshold and a limit',
    layers: [layer('ReLU', { max_value: 0.6, negative_slope: 0.1, threshold: 0.2 })],
    expected: (image) => map(image, (x) => (x >= 0.6 ? 0.6 : x >= 0.2 ? x : 0.1 * (x - 0.2))),
  },
  {
    name: 'LeakyReLU',
    layers: [layer('LeakyReLU', { alpha: 0.2 })],
    expected: (image) => map(image, (x) => (x < 0 ? 0.2 * x : x)),
  },
  {
    name: 'PReLU with a slope for each position',
    layers: [layer('PReLU')],
    weights: { prelu: { alpha: ramp(HEIGHT, WIDTH, 3) } },
    expected: ({ shape, data }) => ({
      shape,
      data: data.map((x, i) => (x < 0 ? x * ramp(HEIGHT, WIDTH, 3).values[i]! : x)),
    }),
  },
  {
    name: 'Rescaling',
    layers: [layer('Rescaling', { scale: 0.5, offset: -1 })],
    expected: (image) => map(image, (x) => x / 2 - 1),
  },
  {
    name: 'Normalization',
    layers: [layer('Normalization', { mean: [1, 2, 3], variance: [1, 4, 9] })],
    expected: (image) => map(image, (x, c) => (x - c - 1) / (c + 1)),
  },
  {
    name: 'hard_sigmoid of Keras 2',
    layers: [layer('Activation', { activation: 'hard_sigmoid' })],
    expected: (image) => map(image, (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5))),
  },
  {
    name: 'swish',
    layers: [layer('Activation', { activation: 'swish' })],
    expected: (image) => map(image, (x) => x / (1 + Math.exp(-x))),
  },
  {
    name: 'Softmax over the channels',
    layers: [layer('Activation', { activation: 'softmax' })],
    expected: ({ shape, data }) => ({
      shape,
      data: data.map((x, i) => {
        const first = i - (i % 3);
        return Math.exp(x) / [0, 1, 2].reduce((sum, c) => sum + Math.exp(data[first + c]!), 0);
      }),
    }),
  },
  { name: 'Dropout', layers: [layer('Dropout', { rate: 0.5 }), layer('Flatten')], expected: (image) => image.data },
];

describe('Keras layers, against their definitions', () => {
  it.each(CASES)('$name', async ({ layers, weights = {}, expected }) => {
    const [first, ...rest] = layers;
    const shaped = { ...first!, config: { ...first!.config, batch_input_shape: [null, HEIGHT, WIDTH, 3] } };
    const model = await openModel(writeTfjs(sequential([shaped, ...rest]), weights));
    expect(model.unknown).toEqual([]);
    expect(model.layers.map(({ kind }) => kind)).toEqual(['InputLayer', ...layers.map(({ class_name: kind }) => kind)]);

    const input = noise([1, HEIGHT, WIDTH, 3]);
    const [result] = await runModel(model, toNchw(input));
    const wanted = expected({ shape: [HEIGHT, WIDTH, 3], data: [...input.data] });
    const tensor =
      'data' in wanted ? toNchw(float32(wanted.data, [1, ...wanted.shape])) : float32([...wanted], [1, wanted.length]);
    expect(result!.shape).toEqual(tensor.shape);
    expect(largestDifference(result!.data as Float32Array, tensor.data)).toBeLessThan(1e-4);
    expect(inferShapes(model.graph).get(model.graph.outputs[0]!)!.slice(1)).toEqual(tensor.shape.slice(1));
  });
});
