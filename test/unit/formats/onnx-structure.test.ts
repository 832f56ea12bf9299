import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { encodeOnnx } from '../../../src/core/formats/onnx/encode.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, type TensorProto } from '../../../src/core/formats/onnx/proto.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32, int64, numbers } from '../../../src/core/graph/tensor.ts';
import { hasShared, needsShared, SQUEEZENET } from '../../support/shared.ts';
import { noise, runModel } from './run.ts';
import { floats, ints, onnxFile, write, type OnnxFile, type OnnxNode } from './files.ts';

const node = (op: string, inputs: readonly string[], output: string, more: Partial<OnnxNode> = {}): OnnxNode => ({
  op,
  inputs,
  outputs: [output],
  ...more,
});

const open = (file: OnnxFile) => openModel(write('model.onnx', onnxFile(file)));

describe('ONNX layers', () => {
  it('are the nodes, under their names or their first outputs; constants and shape arithmetic are none', async () => {
    const model = await open({
      nodes: [
        node('Conv', ['x', 'w'], 'c', { name: 'features.0' }),
        node('Relu', ['c'], 'r'),
        node('Shape', ['r'], 's', { name: 'shape' }),
        node('Gather', ['s', 'zero'], 'n', { name: 'gather' }),
        node('Concat', ['n', 'rest'], 't', {
          name: 'concat',
          attributes: [{ name: 'axis', type: ATTRIBUTE_TYPE.int, i: 0 }],
        }),
        node('Reshape', ['r', 't'], 'f', { name: 'view' }),
        node('Dropout', ['f'], 'd', { name: 'drop' }),
        node('Gemm', ['d', 'm'], 'y', { name: 'fc' }),
      ],
      initializers: [floats('w', [3, 2, 3, 3]), ints('zero', [0]), ints('rest', [-1]), floats('m', [48, 5])],
      outputs: ['y'],
    });
    expect(
      model.layers.map(({ name, kind, output, nodes, weights }) => [name, kind, output, nodes.join(), weights.join()]),
    ).toEqual([
      ['x', 'Input', 'x', '', ''],
      ['features.0', 'Conv', 'c', 'features.0', 'w'],
      ['r', 'Relu', 'r', 'r', ''],
      ['view', 'Reshape', 'f', 'view', ''],
      ['drop', 'Dropout', 'f', '', ''],
      ['fc', 'Gemm', 'y', 'fc', 'm'],
    ]);
    const [, conv, relu] = model.layers;
    expect([conv!.before, conv!.after]).toEqual(['c', 'r']);
    expect([relu!.before, relu!.after]).toEqual(['c', 'r']);
    expect(numbers(model.graph.constants.get(model.graph.nodes[2]!.inputs[1]!)!)).toEqual([0, -1]);
  });

  it('have the activation function as `after` only where it alone follows', async () => {
    const both = [node('Relu', ['c'], 'r'), node('Neg', ['c'], 'n')];
    const model = await open({
      nodes: [node('Conv', ['x', 'w'], 'c'), ...both],
      initializers: [floats('w', [3, 2, 3, 3])],
      outputs: ['r', 'n'],
    });
    expect(model.layers[1]).toMatchObject({ output: 'c', before: 'c', after: 'c' });
  });

  it('get names of their own where the file repeats one', async () => {
    const model = await open({
      nodes: [node('Neg', ['x'], 'a', { name: 'n' }), node('Neg', ['a'], 'b', { name: 'n' })],
      outputs: ['b'],
    });
    expect(model.layers.map(({ name }) => name)).toEqual(['x', 'n', 'n_1']);
  });

  it('are shown, with their weights, behind an operator that is not known', async () => {
    const model = await open({
      nodes: [
        node('Conv', ['x', 'w'], 'a', { name: 'first' }),
        node('Conv', ['a', 'w'], 'b', { name: 'magic', domain: 'com.example' }),
        node('MaxPool', ['b'], 'p', {
          attributes: [{ name: 'kernel_shape', type: ATTRIBUTE_TYPE.ints, ints: [2, 2] }],
        }),
        node('Conv', ['p', 'v'], 'y', { name: 'last' }),
      ],
      initializers: [floats('w', [3, 2, 3, 3]), floats('v', [3, 3, 3, 3])],
      outputs: ['y'],
    });
    expect(model.unknown).toEqual([{ op: 'com.example.Conv', node: 'magic' }]);
    const shapes = inferShapes(model.graph);
    expect(model.layers.map(({ name, output }) => [name, shapes.has(output)])).toEqual([
      ['x', true],
      ['first', true],
      ['magic', false],
      ['p', false],
      ['last', false],
    ]);
    expect(model.layers.at(-1)!.weights).toEqual(['v']);
  });
});

describe('ONNX inputs', () => {
  const relu = [node('Relu', ['x'], 'y')];

  it.each([
    [['N', 3, 8, 8], [-1, 3, 8, 8], 'NCHW'],
    [[1, 3, 8, 8], [-1, 3, 8, 8], 'NCHW'],
    [[16, 5], [-1, 5], 'NF'],
    [['N', 'C', 'H', 'W'], [-1, 3, 224, 224], 'NCHW'],
  ])('of %j', async (shape, expected, layout) => {
    const model = await open({ nodes: relu, inputs: { x: shape }, outputs: ['y'] });
    expect(model.inputs).toEqual([{ name: 'x', shape: expected, layout }]);
  });

  it('with open sizes say what is taken', async () => {
    const nodes = [node('Conv', ['x', 'w'], 'y')];
    const model = await open({
      nodes,
      initializers: [floats('w', [3, 1, 3, 3])],
      inputs: { x: ['N', 'C', 'H', 'W'] },
      outputs: ['y'],
    });
    expect(model.inputs[0]!.shape).toEqual([-1, 1, 224, 224]);
    expect(model.warnings).toEqual(["Input 'x' leaves sizes open; 1×224×224 is taken."]);
  });

  it('with open sizes are of one that the network fits', async () => {
    const nodes = [node('Flatten', ['x'], 'f'), node('Gemm', ['f', 'w'], 'y')];
    const file = { nodes, inputs: { x: ['N', 2, 'H', 'W'] }, outputs: ['y'] };
    const model = await open({ ...file, initializers: [floats('w', [2 * 32 * 32, 3])] });
    expect(model.inputs[0]!.shape).toEqual([-1, 2, 32, 32]);
    expect(model.warnings).toEqual(["Input 'x' leaves sizes open; 2×32×32 is taken."]);
    await expect(open({ ...file, initializers: [floats('w', [7, 3])] })).rejects.toThrow(/100352 .*7/);
  });

  it('of channels last, turned at once, are N×C×H×W in the graph', async () => {
    const turn = { name: 'perm', type: ATTRIBUTE_TYPE.ints, ints: [0, 3, 1, 2] };
    const nodes = [node('Transpose', ['x'], 't', { attributes: [turn] }), node('Relu', ['t'], 'y')];
    const model = await open({ nodes, inputs: { x: ['N', 8, 6, 3] }, outputs: ['y'] });
    expect(model.inputs).toEqual([{ name: 'x', shape: [-1, 3, 8, 6], layout: 'NHWC' }]);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Relu']);
  });

  it('of whole numbers, turned after they are floats and scaled, take pixels as they are', async () => {
    const to = { name: 'to', type: ATTRIBUTE_TYPE.int, i: 1 };
    const turn = { name: 'perm', type: ATTRIBUTE_TYPE.ints, ints: [0, 3, 1, 2] };
    const nodes = [
      node('Cast', ['x'], 'f', { attributes: [to] }),
      node('Mul', ['f', 'half'], 'm'),
      node('Transpose', ['m'], 't', { attributes: [turn] }),
      node('Conv', ['t', 'w'], 'y'),
    ];
    const initializers = [floats('half', [1]), floats('w', [3, 3, 3, 3])];
    const file = { nodes, initializers, outputs: ['y'], inputs: { x: ['N', 8, 6, 3] } };
    const model = await open({ ...file, elements: { x: DATA_TYPE.uint8! } });
    expect(model.inputs).toEqual([{ name: 'x', shape: [-1, 3, 8, 6], layout: 'NHWC' }]);
    expect(model.preprocessing).toMatchObject({ channels: 'RGB', scale: 1, mean: [0, 0, 0] });
    const floating = await open(file);
    expect(floating.inputs).toEqual(model.inputs);
    expect(floating.preprocessing).toBeUndefined();
    const images = noise([2, 3, 8, 6]);
    const [found, expected] = [await runModel(model, images), await runModel(floating, images)];
    expect(found[0]!.data).toEqual(expected[0]!.data);
  });

  it('of channels last, used otherwise before they are turned, stay as they are', async () => {
    const turn = { name: 'perm', type: ATTRIBUTE_TYPE.ints, ints: [0, 3, 1, 2] };
    const nodes = [node('Softmax', ['x'], 'm'), node('Transpose', ['m'], 'y', { attributes: [turn] })];
    const model = await open({ nodes, inputs: { x: ['N', 8, 6, 3] }, outputs: ['y'] });
    expect(model.inputs).toEqual([{ name: 'x', shape: [-1, 8, 6, 3], layout: 'NCHW' }]);
  });

  it('of channels last, scaled by channel before they are turned, are so after it', async () => {
    const turn = { name: 'perm', type: ATTRIBUTE_TYPE.ints, ints: [0, 3, 1, 2] };
    const nodes = [
      node('Sub', ['x', 'mean'], 's'),
      node('Div', ['s', 'deviation'], 'd'),
      node('Transpose', ['d'], 'y', { attributes: [turn] }),
    ];
    const initializers = [floats('mean', [3], [1, 2, 3]), floats('deviation', [1, 1, 1, 3], [1, 2, 4])];
    const model = await open({ nodes, initializers, inputs: { x: ['N', 1, 2, 3] }, outputs: ['y'] });
    expect(model.inputs[0]!.shape).toEqual([-1, 3, 1, 2]);
    const [found] = await runModel(model, float32(Float32Array.of(2, 3, 4, 6, 7, 11), [1, 3, 1, 2]));
    expect([...(found!.data as Float32Array)]).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it('that are initializers too are constants', async () => {
    const nodes = [node('Conv', ['x', 'w'], 'y')];
    const inputs = { x: [1, 2, 6, 6], w: [3, 2, 3, 3] };
    const model = await open({ nodes, inputs, initializers: [floats('w', [3, 2, 3, 3])], outputs: ['y'] });
    expect(model.inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it('keep the batch of the file where the network puts images together', async () => {
    const model = await open({
      nodes: [node('Reshape', ['x', 't'], 'y')],
      initializers: [ints('t', [3, -1])],
      inputs: { x: [2, 3, 4, 4] },
      outputs: ['y'],
    });
    expect(model.inputs[0]!.shape).toEqual([2, 3, 4, 4]);
    expect(model.warnings).toEqual([expect.stringMatching(/^The batch size is fixed: Reshape 'y' /)]);
  });
});

describe('ONNX weights', () => {
  const conv = [node('Add', ['x', 'w'], 'y')];
  const stored = (dataType: number, raw: ArrayBufferLike, dims = [2]): TensorProto => ({
    name: 'w',
    dims,
    dataType,
    rawData: new Uint8Array(raw),
  });
  const typed: Record<string, TensorProto> = {
    'float as raw data': floats('w', [2], [1.5, -2]),
    'float as a field': { name: 'w', dims: [2], dataType: DATA_TYPE.float, floatData: [1.5, -2] },
    double: stored(DATA_TYPE.double, Float64Array.of(1.5, -2).buffer),
    'double as a field': { name: 'w', dims: [2], dataType: DATA_TYPE.double, doubleData: [1.5, -2] },
    float16: stored(DATA_TYPE.float16, Uint16Array.of(0x3e00, 0xc000).buffer),
    'float16 as a field': { name: 'w', dims: [2], dataType: DATA_TYPE.float16, int32Data: [0x3e00, 0xc000] },
    bfloat16: stored(DATA_TYPE.bfloat16, Uint16Array.of(0x3fc0, 0xc000).buffer),
  };

  it.each(Object.entries(typed))('%s become float32', async (_, tensor) => {
    const model = await open({ nodes: conv, initializers: [tensor], inputs: { x: ['N', 2] }, outputs: ['y'] });
    expect(model.graph.constants.get('w')!.data).toEqual(Float32Array.of(1.5, -2));
  });

  it('that are many are found where the file says that they are inside', async () => {
    const values = Array.from({ length: 600 }, (_, i) => i);
    const tensor = { ...floats('w', [600], values), dataLocation: 2 };
    const file = onnxFile({ nodes: conv, initializers: [tensor], inputs: { x: ['N', 600] }, outputs: ['y'] });
    // Field 14 with 0, which protobufjs leaves out.
    const at = Buffer.from(file).indexOf(
      Buffer.of(14 << 3, 2),
      Buffer.from(file).indexOf(Buffer.from(tensor.rawData!)),
    );
    file[at + 1] = 0;
    const model = await openModel(write('model.onnx', file));
    expect(Array.from(model.graph.constants.get('w')!.data as Float32Array)).toEqual(values);
  });

  it('of bytes become float32 too', async () => {
    const tensor = stored(DATA_TYPE.int8, Int8Array.of(3, -4).buffer);
    const model = await open({ nodes: conv, initializers: [tensor], inputs: { x: ['N', 2] }, outputs: ['y'] });
    expect(model.graph.constants.get('w')!.data).toEqual(Float32Array.of(3, -4));
  });
});

describe('ONNX metadata', () => {
  const file = (layerscope: string): OnnxFile => ({
    nodes: [node('Relu', ['x'], 'y')],
    outputs: ['y'],
    metadata: { layerscope },
  });

  it('tell labels and preprocessing', async () => {
    const input = { channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'crop' };
    const model = await open(file(JSON.stringify({ input, labels: ['cat', 'dog'] })));
    expect(model).toMatchObject({ preprocessing: input, labels: ['cat', 'dog'], warnings: [] });
  });

  it('are left out where they are damaged', async () => {
    const model = await open(file('{'));
    expect(model.warnings).toEqual(["The metadata entry 'layerscope' is no JSON and was left out."]);
    expect((await open(file('{"input": {"channels": "CMYK"}}'))).preprocessing).toBeUndefined();
  });
});

describe('written ONNX files', () => {
  it('run, and come back as the same graph', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [-1, 2, 6, 6]);
    const c = b.add('Conv', [x, b.floats('w', new Float32Array(54).fill(0.5), [3, 2, 3, 3])], {
      pads: [1, 1, 1, 1],
      group: 1,
    });
    const leaky = b.add('LeakyRelu', [c], { alpha: 1 });
    const pool = b.addNode('MaxPool', [leaky], [b.unique('max'), b.unique('where')], {
      kernel_shape: [2, 2],
      strides: [2, 2],
    });
    const flat = b.add('Reshape', [pool[0]!, b.constant('target', int64([0, -1]))]);
    const mask = b.add('Greater', [flat, b.scalar(0)]);
    const graph = b.graph([flat, pool[1]!, mask]);
    const bytes = encodeOnnx(graph, { name: 'test', shapes: inferShapes(graph) });

    const session = await ort.InferenceSession.create(bytes);
    const results = await session.run({ x: new ort.Tensor('float32', new Float32Array(144).fill(1), [2, 2, 6, 6]) });
    expect(graph.outputs.map((name) => [results[name]!.type, results[name]!.dims.join()])).toEqual([
      ['float32', '2,27'],
      ['int64', '2,3,3,3'],
      ['bool', '2,27'],
    ]);

    const model = await openModel(write('model.onnx', bytes));
    expect(model.graph.inputs).toEqual(graph.inputs);
    expect(model.graph.outputs).toEqual(graph.outputs);
    expect(model.graph.nodes.map(({ op, outputs, attributes }) => ({ op, outputs, attributes }))).toEqual(
      graph.nodes.map(({ op, outputs, attributes }) => ({ op, outputs, attributes })),
    );
  });

  it.skipIf(!hasShared)(`of a real network hold its weights unchanged${needsShared}`, async () => {
    const model = await openModel(SQUEEZENET);
    const again = await openModel(write('model.onnx', encodeOnnx(model.graph)));
    expect(again.graph.nodes).toEqual(model.graph.nodes);
    expect(again.graph.constants.get('conv1_w')).toEqual(model.graph.constants.get('conv1_w'));
  });
});

describe('large constants that ONNX tells by a value and a shape', () => {
  const scaled = (...sizes: readonly number[]): OnnxFile => ({
    nodes: [node('ConstantOfShape', ['sizes'], 'c', { name: 'c' }), node('MatMul', ['x', 'c'], 'y')],
    initializers: [ints('sizes', sizes)],
    inputs: { x: ['N', sizes[0]!] },
    outputs: ['y'],
  });

  it('are made when the network runs', async () => {
    const model = await open(scaled(300, 400));
    expect(model.unknown).toEqual([]);
    const [result] = await runModel(model, noise([2, 300]));
    expect(result!.shape).toEqual([2, 400]);
    expect(new Set(result!.data as Float32Array)).toEqual(new Set([0]));
  });

  it('of more values than networks have are not', async () => {
    expect((await open(scaled(2 ** 15, 2 ** 15))).unknown).toEqual([{ op: 'ConstantOfShape', node: 'c' }]);
  });
});
