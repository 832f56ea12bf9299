import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, type TensorProto } from '../../../src/core/formats/onnx/proto.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { failure, floats, onnxFile, write, type OnnxFile, type OnnxNode } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const WARNING =
  'The model is quantised: its weights are read as floats, and activations are clipped to their range but not rounded.';

const bytes = (name: string, values: readonly number[], dims: readonly number[] = []): TensorProto => ({
  name,
  dims: [...dims],
  dataType: DATA_TYPE.int8,
  rawData: new Uint8Array(Int8Array.from(values).buffer),
});
const unsigned = (name: string, value: number): TensorProto => ({
  ...bytes(name, []),
  dataType: DATA_TYPE.uint8,
  rawData: Uint8Array.of(value),
});
const whole = (name: string, values: readonly number[]): TensorProto => ({
  ...bytes(name, [], [values.length]),
  dataType: DATA_TYPE.int32,
  rawData: new Uint8Array(Int32Array.from(values).buffer),
});
const node = (op: string, inputs: string, outputs: string, more: Partial<OnnxNode> = {}): OnnxNode => ({
  op,
  inputs: inputs.split(' '),
  outputs: outputs.split(' '),
  ...more,
});
const axis = (i: number) => ({ attributes: [{ name: 'axis', type: ATTRIBUTE_TYPE.int, i }] });

/** A 3×2×2×2 kernel with a scale for each output channel; scales and zero points of input and output. */
const STORED: readonly TensorProto[] = [
  bytes(
    'wq',
    Array.from({ length: 24 }, (_, i) => ((i * 37) % 255) - 127),
    [3, 2, 2, 2],
  ),
  floats('ws', [3], [0.004, 0.002, 0.003]),
  bytes('wz', [0, 0, 0], [3]),
  whole('b', [500, -300, 0]),
  floats('bs', [3], [0.004 * 0.01, 0.002 * 0.01, 0.003 * 0.01]),
  { ...whole('bz', [0, 0, 0]) },
  floats('xs', [], [0.01]),
  unsigned('xz', 128),
  floats('ys', [], [0.004]),
  unsigned('yz', 0),
];
const pairs: OnnxFile = {
  nodes: [
    node('QuantizeLinear', 'x xs xz', 'xq'),
    node('DequantizeLinear', 'xq xs xz', 'xr'),
    node('DequantizeLinear', 'wq ws wz', 'w', axis(0)),
    node('DequantizeLinear', 'b bs bz', 'br', axis(0)),
    node('Conv', 'xr w br', 'c', { name: 'conv' }),
    node('QuantizeLinear', 'c ys yz', 'cq'),
    node('DequantizeLinear', 'cq ys yz', 'y'),
  ],
  initializers: STORED,
  outputs: ['y'],
};
const operators: OnnxFile = {
  ...pairs,
  nodes: [
    node('QuantizeLinear', 'x xs xz', 'xq'),
    node('QLinearConv', 'xq xs xz wq ws wz ys yz b', 'cq', { name: 'conv' }),
    node('DequantizeLinear', 'cq ys yz', 'y'),
  ],
};
const dynamic: OnnxFile = {
  nodes: [
    node('DynamicQuantizeLinear', 'x', 'xq dynamic zero'),
    node('ConvInteger', 'xq wu zero uz', 'n', { name: 'conv' }),
    node('Cast', 'n', 'f', { attributes: [{ name: 'to', type: ATTRIBUTE_TYPE.int, i: DATA_TYPE.float }] }),
    node('Mul', 'dynamic us', 's'),
    node('Mul', 'f s', 'y'),
  ],
  initializers: [
    {
      ...bytes('wu', [], [3, 2, 2, 2]),
      dataType: DATA_TYPE.uint8,
      rawData: Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 256),
    },
    unsigned('uz', 120),
    floats('us', [], [0.003]),
  ],
  outputs: ['y'],
};

const run = async (file: OnnxFile) => {
  const input = noise([1, 2, 6, 6]);
  const session = await ort.InferenceSession.create(onnxFile(file), { logSeverityLevel: 4 });
  const expected = (await session.run({ x: new ort.Tensor('float32', input.data, input.shape) })).y!;
  const model = await openModel(write('model.onnx', onnxFile(file)));
  const [result] = await runModel(model, input);
  return { model, values: result!.data as Float32Array, expected: expected.data as Float32Array };
};

describe('quantised ONNX models', () => {
  it.each([
    ['pairs of QuantizeLinear and DequantizeLinear', pairs],
    ['operators on whole numbers', operators],
    ['dynamic quantisation', dynamic],
  ])('%s run as floats, to within a step of rounding', async (_, file) => {
    const { model, values, expected } = await run(file);
    expect([model.unknown, model.warnings]).toEqual([[], [WARNING]]);
    // Half a step of the input for each of eight weights, and of the output.
    const bound = 8 * 0.005 * 0.6 + 0.002;
    expect(largestDifference(values, expected)).toBeLessThan(bound);
    expect(Math.max(...expected)).toBeGreaterThan(10 * bound);
  });

  it('have the ReLU that the range of an output hides', async () => {
    const { values } = await run(pairs);
    expect(Math.min(...values)).toBe(0);
    expect(Math.max(...values)).toBeCloseTo(255 * 0.004, 6);
  });

  it('show weights as the real numbers that they mean, by channel, and no nodes that only hold numbers', async () => {
    const { model } = await run(pairs);
    expect(model.layers.map(({ name, weights }) => [name, weights.join()])).toEqual([
      ['x', ''],
      ['conv', 'w,br'],
    ]);
    const kernel = model.graph.constants.get('w')!.data as Float32Array;
    expect([kernel[0], kernel[8], kernel[16]]).toEqual(
      [-127 * 0.004, (((8 * 37) % 255) - 127) * 0.002, (((16 * 37) % 255) - 127) * 0.003].map(Math.fround),
    );
    const bias = model.graph.constants.get('br')!.data as Float32Array;
    expect(bias[0]).toBeCloseTo(500 * 0.004 * 0.01, 6);
    const conv = model.layers[1]!;
    expect(conv.after).not.toBe(conv.before);
  });

  it('can be differentiated', async () => {
    const { model } = await run(operators);
    const builder = new GraphBuilder(model.graph);
    const gradient = differentiate(builder, inferShapes(model.graph), model.graph.outputs[0]!, ['x']);
    expect(gradient.has('x')).toBe(true);
  });

  it('have weights that were rounded when exported so', async () => {
    const file: OnnxFile = {
      nodes: [
        node('QuantizeLinear', 'v vs vz', 'vq'),
        node('DequantizeLinear', 'vq vs vz', 'w'),
        node('Mul', 'x w', 'y'),
      ],
      initializers: [floats('v', [4, 1, 1], [0.05, 0.15, -9, 0.32]), floats('vs', [], [0.1]), bytes('vz', [0])],
      inputs: { x: ['N', 4, 1, 1] },
      outputs: ['y'],
    };
    const model = await openModel(write('model.onnx', onnxFile(file)));
    expect(Array.from(model.graph.constants.get('w')!.data as Float32Array)).toEqual(
      [0, 0.2, -9, 0.3].map(Math.fround),
    );
    expect(model.warnings).toEqual([]);
  });
});

describe('damaged quantised models', () => {
  const changed = (...tensors: TensorProto[]): OnnxFile => {
    const names = new Set(tensors.map(({ name }) => name));
    return { ...pairs, initializers: [...STORED.filter(({ name }) => !names.has(name)), ...tensors] };
  };
  it.each([
    [
      'scales that do not fit the channels',
      changed(floats('ws', [2], [1, 1])),
      "DequantizeLinear 'w' has 2 scales for the shape [3, 2, 2, 2]; the file is damaged",
    ],
    ['a scale of zero', changed(floats('xs', [], [0])), "QuantizeLinear 'xq' has a scale that is not positive"],
    [
      'a bias that is computed',
      {
        ...operators,
        nodes: [node('Neg', 'x', 'b'), ...operators.nodes],
        initializers: STORED.filter(({ name }) => name !== 'b'),
      },
      "QLinearConv 'conv' has weights that are computed, 'b'; export the model again",
    ],
  ])('with %s', async (_, file, message) => {
    expect(await failure(write('model.onnx', onnxFile(file)))).toBe(message);
  });
});
