import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { ramp, sequential, writeTfjs, type KerasLayer, type Weights } from './files.ts';

const SHAPE = { batch_input_shape: [null, 4, 4, 3] };
const layer = (kind: string, config: Readonly<Record<string, unknown>> = {}): KerasLayer => ({
  class_name: kind,
  config: { name: kind.toLowerCase(), ...config },
});
const flat = layer('Flatten');

const learned = (mean: readonly number[], variance: readonly number[]): Weights => ({
  normalization: {
    mean: { shape: [3], values: mean },
    variance: { shape: [3], values: variance },
    count: { shape: [1], values: [100] },
  },
});

const pixels = { channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'squash' };
const fractions = { ...pixels, scale: 1 / 255 };
const grey = { ...pixels, channels: 'grey', mean: [0], std: [1] };

type Row = readonly [what: string, layers: readonly KerasLayer[], expected: object | undefined, weights: Weights];

const ROWS: readonly Row[] = [
  ['Rescaling', [layer('Rescaling', { ...SHAPE, scale: 1 / 255 }), flat], pixels, {}],
  [
    'Rescaling of grey pictures',
    [layer('Rescaling', { scale: 2, batch_input_shape: [null, 4, 4, 1] }), flat],
    grey,
    {},
  ],
  ['augmentation before it', [layer('RandomFlip', SHAPE), layer('Rescaling', { scale: 2 }), flat], pixels, {}],
  [
    'a model in the model before all',
    [{ ...sequential([layer('Rescaling', { ...SHAPE, scale: 2 })]), name: 'inner' }, flat],
    pixels,
    {},
  ],
  [
    'Normalization by given pixels',
    [layer('Normalization', { ...SHAPE, mean: [120, 110, 100], variance: [9, 9, 9] }), flat],
    pixels,
    {},
  ],
  [
    'Normalization by learned pixels',
    [layer('Normalization', SHAPE), flat],
    pixels,
    learned([120, 110, 100], [9, 9, 9]),
  ],
  [
    'Normalization by learned fractions',
    [layer('Normalization', SHAPE), flat],
    fractions,
    learned([0.5, 0.4, 0.3], [0.1, 0.1, 0.1]),
  ],
  ['no scaling', [layer('ZeroPadding2D', SHAPE), flat], undefined, {}],
  ['scaling that comes later', [layer('ReLU', SHAPE), layer('Rescaling', { scale: 2 }), flat], undefined, {}],
];

describe('what a Keras model says of its input', () => {
  it.each(ROWS)('%s', async (_, layers, expected, weights) => {
    const model = await openModel(writeTfjs(sequential(layers), weights));
    expect(model.preprocessing).toEqual(expected);
    expect(model.unknown).toEqual([]);
    expect(inferShapes(model.graph).has(model.graph.outputs[0]!)).toBe(true);
  });

  it('Normalization stays a layer, with what it has learned', async () => {
    const layers = [layer('Normalization', SHAPE), flat];
    const model = await openModel(writeTfjs(sequential(layers), learned([1, 2, 3], [1, 4, 9])));
    expect(model.layers.map(({ kind }) => kind)).toEqual(['InputLayer', 'Normalization', 'Flatten']);
    expect(model.graph.nodes.map(({ op }) => op).slice(0, 2)).toEqual(['Sub', 'Div']);
    const values = model.graph.nodes.slice(0, 2).map(({ inputs }) => [...model.graph.constants.get(inputs[1]!)!.data]);
    expect(values).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});

describe('a model that was built by itself, in a model', () => {
  const convolution = layer('Conv2D', { ...SHAPE, name: 'c', kernel_size: [1, 1] });
  const called = (...calls: readonly (readonly [string, number])[]) =>
    calls.map(([name, call]) => [[name, call, 0, {}]]);
  const functional = (first: number) => ({
    class_name: 'Functional',
    config: {
      name: 'outer',
      layers: [
        { class_name: 'InputLayer', name: 'x', config: { name: 'x', ...SHAPE }, inbound_nodes: [] },
        { ...sequential([convolution]), name: 'inner', inbound_nodes: called(['x', 0], ['inner', first]) },
        {
          class_name: 'Add',
          name: 'sum',
          config: { name: 'sum' },
          inbound_nodes: [
            [
              ['inner', first, 0, {}],
              ['inner', first + 1, 0, {}],
            ],
          ],
        },
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['sum', 0, 0]],
    },
  });

  it.each([0, 1])('counts its calls from %i', async (first) => {
    const weights = { inner: { 'c/kernel': ramp(1, 1, 3, 3), 'c/bias': ramp(3) } };
    const model = await openModel(writeTfjs(functional(first), weights));
    expect(model.layers.map(({ name }) => name)).toEqual(['x', 'inner/c', 'inner:1/c', 'sum']);
    const [, one, two, sum] = model.layers;
    expect(model.graph.nodes.find(({ name }) => name === sum!.nodes[0])!.inputs).toEqual([one!.output, two!.output]);
    expect(model.graph.nodes.find(({ name }) => name === two!.nodes[0])!.inputs[0]).toBe(one!.output);
    expect(two!.weights).toEqual(one!.weights);
  });
});
