import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import type { NodeDef } from '../../../src/core/formats/tensorflow/proto.ts';
import { largestDifference, noise, runModel } from './run.ts';
import {
  bool,
  float,
  fusedOps,
  ints,
  NETWORK,
  node,
  number,
  placeholder,
  weights,
  writeGraph,
} from './tensorflow-files.ts';

const open = (...nodes: readonly NodeDef[]) => openModel(writeGraph(...nodes));

/** Values of the first output for the same images. */
async function values(...nodes: readonly NodeDef[]): Promise<Float32Array> {
  const model = await open(...nodes);
  expect(model.unknown).toEqual([]);
  const [result] = await runModel(model, noise([2, ...model.inputs[0]!.shape.slice(1)]));
  return result!.data as Float32Array;
}

/** The network, its last nodes exchanged. */
const withEnd = (...end: readonly NodeDef[]) => [...NETWORK, ...end];

describe('layers of a TensorFlow graph', () => {
  it('are its name scopes, tied to what is before and after their activation function', async () => {
    const { layers, graph } = await open(...NETWORK);
    const shapes = inferShapes(graph);
    const shown = layers.map(({ name, kind, output, weights: own }) => [
      name,
      kind,
      String(shapes.get(output)),
      own.length,
    ]);
    expect(shown).toEqual([
      ['images', 'Placeholder', '-1,3,8,8', 0],
      ['conv1', 'Conv2D', '-1,4,8,8', 2],
      ['pool1', 'MaxPool', '-1,4,4,4', 0],
      ['flat', 'Reshape', '-1,64', 0],
      ['logits', 'MatMul', '-1,5', 2],
    ]);
    expect(layers[1]).toMatchObject({ output: 'conv1/Relu', before: 'conv1/BiasAdd', after: 'conv1/Relu' });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Conv', 'Relu', 'MaxPool', 'Transpose', 'Reshape', 'Gemm']);
    expect(graph.constants.get('conv1/weights')!.shape).toEqual([4, 3, 3, 3]);
  });

  it('lose the scope that all of them stand in, and the calls of functions', async () => {
    const inside = (name: string) => (name === 'images' || name === '' ? name : `PartitionedCall/net/${name}`);
    const nodes = NETWORK.map((one) => ({ ...one, name: inside(one.name!), input: one.input!.map(inside) }));
    expect((await open(...nodes)).layers.map(({ name }) => name)).toEqual([
      'images',
      'conv1',
      'pool1',
      'flat',
      'logits',
    ]);
  });

  it('are single nodes where a scope holds several', async () => {
    const { layers } = await open(
      placeholder('x', [-1, 6, 6, 2]),
      weights('block/w', 1, 1, 2, 2),
      node('Conv2D', 'block/a', ['x', 'block/w'], { padding: 'SAME', strides: [1, 1, 1, 1] }),
      node('Conv2D', 'block/b', ['block/a', 'block/w'], { padding: 'SAME', strides: [1, 1, 1, 1] }),
      node('AddV2', 'block/sum', ['block/a', 'block/b']),
    );
    expect(layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'x Placeholder',
      'a Conv2D',
      'b Conv2D',
      'sum AddV2',
    ]);
  });
});

describe('operators that others were fused to', () => {
  it('are the same as these', async () => {
    const fused = NETWORK.filter(({ name }) => !/Conv2D|BiasAdd|MatMul|add/.test(name!)).map((one) =>
      one.name !== 'conv1/Relu'
        ? one
        : node('_FusedConv2D', 'conv1/Relu', ['images', 'conv1/weights', 'conv1/biases'], {
            padding: 'SAME',
            strides: [1, 1, 1, 1],
            fused_ops: fusedOps('BiasAdd', 'Relu'),
          }),
    );
    const end = node('_FusedMatMul', 'logits/add', ['flat', 'logits/weights', 'logits/biases'], {
      fused_ops: fusedOps('BiasAdd'),
    });
    const model = await open(...fused, end);
    expect(model.layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'images Placeholder',
      'conv1 Conv2D',
      'pool1 MaxPool',
      'flat Reshape',
      'logits MatMul',
    ]);
    expect(largestDifference(await values(...fused, end), await values(...NETWORK))).toBe(0);
  });

  it('a bias with an axis of size 1 before its own', async () => {
    const product = (...sizes: readonly number[]) =>
      values(
        placeholder('x', [-1, 4]),
        ...[weights('w', 4, 3), weights('b', ...sizes)],
        node('_FusedMatMul', 'y', ['x', 'w', 'b'], { fused_ops: fusedOps('BiasAdd') }),
      );
    expect(await product(1, 3)).toEqual(await product(3));
  });

  it.each([[[3]], [[1, 1, 3]]])('a PReLU whose slopes are of the shape %j', async (sizes) => {
    const window = { padding: 'SAME', strides: [1, 1, 1, 1] };
    const image = [placeholder('x', [-1, 3, 3, 2]), weights('w', 1, 1, 2, 3), weights('b', 3)];
    const plain = await values(...image, node('Conv2D', 'c', ['x', 'w'], window), node('BiasAdd', 'sum', ['c', 'b']));
    const rectified = await values(
      ...image,
      weights('slopes', ...sizes),
      node('_FusedConv2D', 'c', ['x', 'w', 'b', 'slopes'], { ...window, fused_ops: fusedOps('BiasAdd', 'Prelu') }),
    );
    const slopes = [-0.5, 0.2, -0.2]; // of one channel of 3×3 each
    expect(rectified).toEqual(plain.map((value, i) => (value > 0 ? value : value * slopes[Math.floor(i / 9) % 3]!)));
    expect(plain.some((value) => value < 0)).toBe(true);
  });
});

describe('what is there for training', () => {
  const keep = placeholder('keep_prob', []);
  const mask = [
    ints('drop/shape', [1, 5]),
    node('RandomUniform', 'drop/random', ['drop/shape']),
    node('Add', 'drop/sum', ['keep_prob', 'drop/random']),
    node('Floor', 'drop/Floor', ['drop/sum']),
  ];

  it.each<readonly [string, readonly NodeDef[]]>([
    [
      'dropout whose rate is fed',
      [
        keep,
        ...mask,
        node('RealDiv', 'drop/div', ['logits/add', 'keep_prob']),
        node('Mul', 'drop/mul', ['drop/div', 'drop/Floor']),
      ],
    ],
    [
      'dropout whose rate is fed, of sizes that the file does not say',
      [
        placeholder('keep_prob', undefined),
        ...mask,
        node('RealDiv', 'drop/div', ['logits/add', 'keep_prob']),
        node('Mul', 'drop/mul', ['drop/div', 'drop/Floor']),
      ],
    ],
    [
      'dropout whose rate is constant',
      [
        float('keep_prob', 0.25),
        ...mask,
        node('RealDiv', 'drop/div', ['logits/add', 'keep_prob']),
        node('Mul', 'drop/mul', ['drop/div', 'drop/Floor']),
      ],
    ],
    [
      'dropout by SelectV2',
      [
        float('rate', 0.5),
        float('scale', 2),
        float('zero', 0),
        ints('drop/shape', [1, 5]),
        node('RandomUniform', 'drop/random', ['drop/shape']),
        node('GreaterEqual', 'drop/mask', ['drop/random', 'rate']),
        node('Mul', 'drop/Mul', ['logits/add', 'scale']),
        node('SelectV2', 'drop/SelectV2', ['drop/mask', 'drop/Mul', 'zero']),
      ],
    ],
    [
      'a branch for training',
      [
        placeholder('keras_learning_phase', [], 10),
        node('Switch', 'cond/Switch', ['logits/add', 'keras_learning_phase']),
        node('Neg', 'cond/trained', ['cond/Switch:1']),
        node('Identity', 'cond/used', ['cond/Switch']),
        node('Merge', 'cond/Merge', ['cond/used', 'cond/trained']),
      ],
    ],
    [
      'a branch on a default',
      [
        bool('no', false),
        node('PlaceholderWithDefault', 'training', ['no']),
        node('LogicalNot', 'predicting', ['training']),
        node('Switch', 'cond/Switch', ['logits/add', 'predicting']),
        node('Neg', 'cond/trained', ['cond/Switch']),
        node('Merge', 'cond/Merge', ['cond/Switch:1', 'cond/trained']),
      ],
    ],
    [
      'a loss, its gradients, and a summary',
      [
        placeholder('labels', [-1], 9),
        node('SparseSoftmaxCrossEntropyWithLogits', 'loss', ['logits/add', 'labels']),
        node('MatMul', 'gradients/logits/MatMul_grad/MatMul', ['loss:1', 'logits/weights'], { transpose_b: true }),
        node('ApplyGradientDescent', 'train', ['logits/weights', 'gradients/logits/MatMul_grad/MatMul']),
        node('ArgMax', 'class', ['logits/add', 'axis']),
        ints('axis', [1]),
        node('HistogramSummary', 'summary', ['tag', 'logits/add']),
        float('tag', 0),
      ],
    ],
  ])('is left out: %s', async (_, end) => {
    const { graph, inputs } = await open(...withEnd(...end));
    expect(inputs.map(({ name }) => name)).toEqual(['images']);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Conv', 'Relu', 'MaxPool', 'Transpose', 'Reshape', 'Gemm']);
    expect(largestDifference(await values(...withEnd(...end)), await values(...NETWORK))).toBe(0);
  });
});

describe('a TensorFlow graph', () => {
  it('shows an unknown operator, and runs what lies before it', async () => {
    const { unknown, layers, graph } = await open(
      ...withEnd(node('MyOp', 'mine', ['pool1', 'flat/shape']), node('Relu', 'after', ['mine'])),
    );
    expect(unknown).toEqual([{ op: 'MyOp', node: 'mine' }]);
    const shapes = inferShapes(graph);
    expect(layers.map(({ name, output }) => [name, shapes.has(output)])).toEqual([
      ['images', true],
      ['conv1', true],
      ['pool1', true],
      ['flat', true],
      ['logits', true],
      ['mine', false],
      ['after', false],
    ]);
  });

  it('has a free batch where its input fixes one', async () => {
    const fixed = [placeholder('images', [1, 8, 8, 3]), ...NETWORK.slice(1)].map((one) =>
      one.name === 'flat/shape' ? ints('flat/shape', [1, 64]) : one,
    );
    expect(largestDifference(await values(...fixed), await values(...NETWORK))).toBe(0);
  });

  it('keeps a fixed batch where it computes with it, and says so', async () => {
    const model = await open(
      placeholder('x', [2, 6]),
      ints('shape', [3, 4]),
      node('Reshape', 'joined', ['x', 'shape']),
    );
    expect(model.inputs[0]!.shape).toEqual([2, 6]);
    expect(model.warnings).toEqual(['The batch size is fixed: the network computes with it.']);
    expect(model.unknown).toEqual([]);
  });

  it('stays free where a slice takes the whole batch that the file fixes', async () => {
    const sliced = (batch: number) =>
      open(
        placeholder('x', [batch, 4, 4, 2]),
        ...[ints('from', [0, 0, 0, 0]), ints('to', [1, 2, 4, 2]), ints('by', [1, 1, 1, 1])],
        node('StridedSlice', 'upper', ['x', 'from', 'to', 'by']),
        ...[ints('begin', [0, 0, 1, 0]), ints('size', [1, 2, 3, 2])],
        node('Slice', 'part', ['upper', 'begin', 'size']),
      );
    const { graph, inputs, warnings } = await sliced(1);
    expect([inputs[0]!.shape, inferShapes(graph).get(graph.outputs[0]!)]).toEqual([
      [-1, 2, 4, 4],
      [-1, 2, 2, 3],
    ]);
    expect(warnings).toEqual([]);
    expect((await sliced(-1)).warnings).toEqual(['The batch size is fixed: the network computes with it.']);
  });

  it('is of floats where the file takes whole numbers, beside constants that are', async () => {
    const model = await open(
      placeholder('x', [-1, 3], 3),
      number('two', 2),
      node('Mul', 'y', ['x', 'two'], { T: { type: 3 } }),
    );
    const [result] = await runModel(model, float32([1, 2, 3], [1, 3]));
    expect([...(result!.data as Float32Array)]).toEqual([2, 4, 6]);
  });

  it('has sizes that its shape is taken apart for', async () => {
    const { graph, unknown } = await open(
      placeholder('x', [-1, 4, 6, 2]),
      node('Shape', 'shape', ['x']),
      node('Unpack', 'sizes', ['shape'], { num: 4, axis: 0 }),
      ...[number('eight', 8), number('none', 0), node('Sub', 'below', ['eight', 'sizes:1'])],
      node('Sub', 'right', ['eight', 'sizes:2']),
      node('Pack', 'list', ['none', 'none', 'none', 'below', 'none', 'right', 'none', 'none'], { N: 8 }),
      ...[ints('pairs', [4, 2]), node('Reshape', 'pads', ['list', 'pairs'])],
      node('Pad', 'padded', ['x', 'pads']),
    );
    expect([unknown, inferShapes(graph).get(graph.outputs[0]!)]).toEqual([[], [-1, 2, 8, 8]]);
  });

  it('says which sizes were left open', async () => {
    const model = await open(placeholder('x', [-1, -1, -1, 3]), node('Relu', 'y', ['x']));
    expect(model.inputs[0]!.shape).toEqual([-1, 3, 224, 224]);
    expect(model.warnings).toEqual(["Input 'x' leaves sizes open; 224×224×3 is taken."]);
  });

  it('has as many channels as the first convolution of it has weights for, where they are open', async () => {
    const { inputs, warnings } = await open(
      placeholder('x', undefined),
      float('half', 0.5),
      node('Sub', 'centred', ['x', 'half']),
      weights('w', 3, 3, 1, 4),
      node('Conv2D', 'c', ['centred', 'w'], { padding: 'SAME', strides: [1, 1, 1, 1] }),
    );
    expect(inputs[0]!.shape).toEqual([-1, 1, 224, 224]);
    expect(warnings).toEqual(["Input 'x' leaves sizes open; 224×224×1 is taken."]);
  });

  it('is N×C×H×W where its operators say so', async () => {
    const settings = { padding: 'SAME', strides: [1, 1, 2, 2], data_format: 'NCHW' };
    const model = await open(
      placeholder('x', [-1, 3, 8, 6]),
      weights('w', 3, 3, 3, 4),
      weights('b', 4),
      node('Conv2D', 'conv', ['x', 'w'], settings),
      node('BiasAdd', 'bias', ['conv', 'b'], { data_format: 'NCHW' }),
    );
    expect(model.inputs).toEqual([{ name: 'x', shape: [-1, 3, 8, 6], layout: 'NCHW' }]);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Conv']);
    expect(inferShapes(model.graph).get('bias')).toEqual([-1, 4, 4, 3]);
  });
});
