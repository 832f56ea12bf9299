import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { h5File, ramp, sequential, write, writeTfjs, type KerasLayer, type Weights } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const input = (name: string, ...shape: (number | null)[]): KerasLayer => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_input_shape: [null, ...shape] },
  inbound_nodes: [],
});

const called = (kind: string, name: string, calls: readonly (readonly string[])[], config = {}): KerasLayer => ({
  class_name: kind,
  name,
  config: { name, ...config },
  inbound_nodes: calls.map((from) =>
    from.map((reference) => [reference.split(':')[0], Number(reference.split(':')[1] ?? 0), 0, {}]),
  ),
});

const functional = (layers: readonly KerasLayer[], from: string, ...to: string[]) => ({
  class_name: 'Functional',
  config: {
    name: 'model',
    layers,
    input_layers: [[from, 0, 0]],
    output_layers: to.map((name) => [name.split(':')[0], Number(name.split(':')[1] ?? 0), 0]),
  },
});

const IMAGE = [6, 6, 3] as const;
const SAME = { kernel_size: [3, 3], padding: 'same' };
const square = { kernel: ramp(3, 3, 3, 3), bias: ramp(3) };

describe('Keras models', () => {
  it('name the layers of models in models after both, and tie each to its own weights', async () => {
    const inner = {
      ...functional([input('i', ...IMAGE), called('Conv2D', 'c', [['i']], SAME)], 'i', 'c'),
      name: 'inner',
    };
    const layers = [
      input('x', ...IMAGE),
      called('Conv2D', 'c', [['x']], SAME),
      { ...inner, inbound_nodes: [[['c', 0, 0, {}]]] },
    ];
    const weights: Weights = {
      c: square,
      inner: {
        'inner/c/kernel': { ...ramp(3, 3, 3, 3), values: new Array<number>(81).fill(2) },
        'inner/c/bias': ramp(3),
      },
    };
    const model = await openModel(
      write('model.h5', await h5File(functional(layers as KerasLayer[], 'x', 'inner'), weights)),
    );
    expect(model.layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'x InputLayer',
      'c Conv2D',
      'inner/c Conv2D',
    ]);
    const kernels = model.layers.slice(1).map((layer) => model.graph.constants.get(layer.weights[0]!)!);
    expect(kernels[1]!.data).toEqual(new Float32Array(81).fill(2));
    expect(kernels[0]!.data[0]).toBeCloseTo(square.kernel.values[0]!);
  });

  it('name the second call of a shared layer, and keep its weights once', async () => {
    const layers = [
      input('x', ...IMAGE),
      called('Conv2D', 'c', [['x'], ['c:0']], SAME),
      called('Add', 'sum', [['c:0', 'c:1']]),
    ];
    const model = await openModel(writeTfjs(functional(layers, 'x', 'sum'), { c: square }));
    expect(model.layers.map(({ name }) => name)).toEqual(['x', 'c', 'c:1', 'sum']);
    expect(model.layers[2]!.weights).toEqual(model.layers[1]!.weights);
    expect(model.graph.constants.size).toBe(2);
    expect(model.graph.nodes.at(-1)!.inputs).toEqual(model.layers.slice(1, 3).map(({ output }) => output));
  });

  it('are read as Keras 3 writes them', async () => {
    const tensor = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { shape: [null, ...IMAGE], dtype: 'float32', keras_history: [name, 0, 0] },
    });
    const call = (...args: unknown[]) => [{ args, kwargs: { training: false } }];
    const config = {
      module: 'keras',
      class_name: 'Functional',
      config: {
        name: 'functional',
        layers: [
          {
            module: 'keras.layers',
            class_name: 'InputLayer',
            name: 'x',
            config: { name: 'x', batch_shape: [null, ...IMAGE] },
            inbound_nodes: [],
          },
          {
            module: 'keras.layers',
            class_name: 'Conv2D',
            name: 'c',
            config: { name: 'c', ...SAME, activation: 'relu' },
            inbound_nodes: call(tensor('x')),
          },
          {
            module: 'keras.layers',
            class_name: 'Add',
            name: 'sum',
            config: { name: 'sum' },
            inbound_nodes: call([tensor('x'), tensor('c')]),
          },
        ],
        input_layers: ['x', 0, 0],
        output_layers: ['sum', 0, 0],
      },
    };
    const model = await openModel(
      writeTfjs(config, { c: { 'functional/c/kernel': square.kernel, 'functional/c/bias': square.bias } }),
    );
    expect(model.layers.map(({ name }) => name)).toEqual(['x', 'c', 'sum']);
    expect(model.graph.nodes.at(-1)!.inputs).toEqual(['x', model.layers[1]!.output]);
  });

  it('show what is before and after an activation function, whichever way it is written', async () => {
    const own = { ...SAME, activation: 'relu' };
    const layers = [
      input('x', ...IMAGE),
      called('Conv2D', 'own', [['x']], own),
      called('Conv2D', 'bare', [['own']], SAME),
      called('Activation', 'relu', [['bare']], { activation: 'relu' }),
      called('Conv2D', 'last', [['relu']], SAME),
    ];
    const model = await openModel(
      writeTfjs(functional(layers, 'x', 'last'), { own: square, bare: square, last: square }),
    );
    const [, ownLayer, bare, relu, last] = model.layers;
    const op = (tensor: string) => model.graph.nodes.find(({ outputs }) => outputs.includes(tensor))!.op;
    expect([op(ownLayer!.before), op(ownLayer!.output), op(ownLayer!.after)]).toEqual(['Conv', 'Relu', 'Relu']);
    expect([bare!.before, bare!.output, bare!.after]).toEqual([relu!.before, bare!.output, relu!.output]);
    expect(op(bare!.before)).toBe('Conv');
    expect([relu!.output, relu!.after].map(op)).toEqual(['Relu', 'Relu']);
    expect(last!.after).toBe(last!.output);
  });

  it('keep layers that are not known, and what comes behind them', async () => {
    const layers = [
      input('x', ...IMAGE),
      called('Conv2D', 'c', [['x']], SAME),
      called('Lambda', 'magic', [['c']], { function: 'os.system' }),
      called('Conv2D', 'behind', [['magic']], SAME),
      called('GlobalAveragePooling2D', 'pool', [['behind']]),
      called('Flatten', 'flat', [['pool']]),
      called('Dense', 'dense', [['flat']]),
    ];
    const weights = { c: square, behind: square, dense: { kernel: ramp(3, 2), bias: ramp(2) } };
    const model = await openModel(writeTfjs(functional(layers, 'x', 'dense'), weights));
    expect(model.unknown).toEqual([{ op: 'Lambda', node: 'magic' }]);
    expect(model.layers.map(({ name }) => name)).toEqual(['x', 'c', 'magic', 'behind', 'pool', 'flat', 'dense']);
    const shapes = inferShapes(model.graph);
    expect(model.layers.map(({ output }) => shapes.has(output))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    const behind = model.layers.find(({ name }) => name === 'behind')!;
    expect(model.graph.constants.get(behind.weights[0]!)!.shape).toEqual([3, 3, 3, 3]);
  });

  it.each([
    ['TFOpLambda', { function: 'math.multiply' }, 'tf.math.multiply'],
    ['Activation', { activation: 'my_function' }, 'activation my_function'],
    ['Split', {}, 'Split'],
  ])('say what is not known: %s', async (kind, config, op) => {
    const model = await openModel(
      writeTfjs(functional([input('x', ...IMAGE), called(kind, 'l', [['x']], config)], 'x', 'l'), {}),
    );
    expect(model.unknown).toEqual([{ op, node: 'l' }]);
    expect(inferShapes(model.graph).has(model.layers[1]!.output)).toBe(false);
  });

  it('of channels first are taken as they are', async () => {
    const first = { ...SAME, data_format: 'channels_first', batch_input_shape: [null, 3, 5, 6] };
    const layers = [
      { class_name: 'Conv2D', config: { name: 'c', ...first } },
      { class_name: 'Flatten', config: { name: 'flat' } },
    ];
    const model = await openModel(writeTfjs(sequential(layers), { c: square }));
    expect(model.inputs).toEqual([{ name: 'c_input', shape: [-1, 3, 5, 6], layout: 'NCHW' }]);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Conv', 'Flatten']);
  });

  it('tell that pixels go in as they are, where the first layer scales them', async () => {
    const layers = [
      {
        class_name: 'Rescaling',
        config: { name: 'scale', scale: 1 / 127.5, offset: -1, batch_input_shape: [null, 4, 4, 3] },
      },
      { class_name: 'Flatten', config: { name: 'flat' } },
    ];
    const { preprocessing } = await openModel(writeTfjs(sequential(layers), {}));
    expect(preprocessing).toEqual({ channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'squash' });
  });

  it('with open sizes take the usual ones, and say so', async () => {
    const model = await openModel(
      writeTfjs(functional([input('x', null, null, 3), called('Conv2D', 'c', [['x']], SAME)], 'x', 'c'), { c: square }),
    );
    expect(model.inputs[0]!.shape).toEqual([-1, 3, 224, 224]);
    expect(model.warnings).toEqual(["Input 'x' leaves sizes open; 224×224×3 is taken."]);
  });

  it('are read from HDF5 in which the configuration and the names are cut in pieces', async () => {
    const config = sequential([{ class_name: 'Dense', config: { name: 'd', batch_input_shape: [null, 3] } }]);
    const text = JSON.stringify(config);
    const bytes = await h5File(undefined, { d: { kernel: ramp(3, 2), bias: ramp(2) } }, (file) => {
      file.create_attribute('model_config0', text.slice(0, 40));
      file.create_attribute('model_config1', text.slice(40));
    });
    const model = await openModel(write('model.h5', bytes));
    expect(model.layers.map(({ name }) => name)).toEqual(['d_input', 'd']);
    expect(model.inputs).toEqual([{ name: 'd_input', shape: [-1, 3], layout: 'NF' }]);
  });
});

describe('quantized TensorFlow.js weights', () => {
  const values = [0, 1, 2, 3, 4, 5];
  const config = sequential([
    { class_name: 'Dense', config: { name: 'd', use_bias: false, batch_input_shape: [null, 3] } },
  ]);
  const quantized = (dtype: string, bytes: Uint8Array, quantization: object) =>
    write(
      'model.json',
      JSON.stringify({
        modelTopology: config,
        weightsManifest: [
          {
            paths: ['a', 'b'],
            weights: [{ name: 'd/kernel', shape: [3, 2], dtype: 'float32', quantization: { dtype, ...quantization } }],
          },
        ],
      }),
      { a: bytes.subarray(0, 3), b: bytes.subarray(3) },
    );

  it.each([
    ['uint8', Uint8Array.from(values), { scale: 0.5, min: -1 }],
    ['uint16', new Uint8Array(Uint16Array.from(values).buffer), { scale: 0.5, min: -1 }],
    // −1 … 1.5 in half precision.
    ['float16', new Uint8Array(Uint16Array.of(0xbc00, 0xb800, 0, 0x3800, 0x3c00, 0x3e00).buffer), {}],
  ])('%s, from two shards', async (dtype, bytes, quantization) => {
    const model = await openModel(quantized(dtype, bytes, quantization));
    const expected = values.map((value) => value * 0.5 - 1);
    expect([...(model.graph.constants.get('d/kernel')!.data as Float32Array)]).toEqual(expected);
    const [result] = await runModel(model, noise([1, 3]));
    const x = noise([1, 3]).data;
    const product = [0, 1].map((o) => [0, 1, 2].reduce((sum, i) => sum + x[i]! * expected[i * 2 + o]!, 0));
    expect(largestDifference(result!.data as Float32Array, product)).toBeLessThan(1e-6);
  });
});
