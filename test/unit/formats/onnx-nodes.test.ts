import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, type AttributeProto } from '../../../src/core/formats/onnx/proto.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { failure, floats, ints, onnxFile, write, type OnnxNode } from './files.ts';
import { BATCH_CASES } from './onnx-batch-cases.ts';
import { PICKING_CASES } from './onnx-picking-cases.ts';
import { float, int, list, node, text, type Case } from './onnx-node.ts';
import { largestDifference, noise, runModel } from './run.ts';

/** 2⁶³ − 1, as protobufjs takes it. */
const LARGEST = { low: -1, high: 0x7fff_ffff, unsigned: false };

const kernel = floats('w', [4, 2, 3, 3]);
const chain = (opset: number): OnnxNode[] => [
  // How PyTorch writes x.view(x.size(0), -1).
  node('Shape', 'x', 's'),
  opset < 13
    ? node('Constant', '', 'zero', { name: 'value', type: ATTRIBUTE_TYPE.tensor, t: ints('', [0], []) })
    : node('Constant', '', 'zero', int('value_int', 0)),
  node('Gather', 's zero', 'n', int('axis', 0)),
  ...(opset < 13
    ? [node('Unsqueeze', 'n', 'n1', list('axes', 0)), node('Unsqueeze', 'minus', 'm1', list('axes', 0))]
    : [node('Unsqueeze', 'n axis', 'n1'), node('Unsqueeze', 'minus axis', 'm1')]),
  node('Concat', 'n1 m1', 'target', int('axis', 0)),
  node('Reshape', 'x target', 'y'),
];
const sizes = [ints('minus', [-1], []), ints('axis', [0])];

/** An `If` on whether there are `size` channels: the values squared, or not changed. */
const branching = (size: number): readonly OnnxNode[] => [
  node('Shape', 'x', 's'),
  node('Constant', '', 'one', int('value_int', 1)),
  node('Constant', '', 'size', int('value_int', size)),
  node('Gather', 's one', 'channels'),
  node('Equal', 'channels size', 'so'),
  node('If', 'so', 'y', branch('then_branch', ['Mul', 'x', 'x']), branch('else_branch', ['Identity', 'x'])),
];
const branch = (name: string, [opType, ...input]: readonly string[]): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.graph,
  g: {
    name,
    node: [{ opType: opType!, name: `${name}/node`, input, output: [`${name}/y`] }],
    output: [{ name: `${name}/y`, type: { tensorType: { elemType: DATA_TYPE.float } } }],
  },
});

const CASES: readonly Case[] = [
  { name: 'If, true', opset: 18, nodes: branching(2), ops: 'Mul' },
  { name: 'If, false', opset: 18, nodes: [...branching(3), node('Neg', 'y', 'z')], ops: 'Neg', output: 'z' },
  {
    name: 'a constant joined with each image, as class tokens are',
    opset: 18,
    nodes: [node('Concat', 'token x', 'y', int('axis', 2))],
    weights: [floats('token', [1, 2, 1, 6])],
    batch: 1,
  },
  {
    name: 'a constant expanded for each image',
    opset: 18,
    nodes: [
      node('Shape', 'x', 'n', int('start', 0), int('end', 1)),
      node('Concat', 'n rest', 'target', int('axis', 0)),
      node('Expand', 'token target', 'tokens'),
      node('Concat', 'x tokens', 'y', int('axis', 3)),
    ],
    weights: [floats('token', [1, 2, 1, 1]), ints('rest', [2, 6, 3])],
  },
  ...(
    [
      ['LayerNormalization', 17, 'x ln', 'of the last axis'],
      ['LayerNormalization', 17, 'x ln3 ln3', 'of three', int('axis', 1), float('epsilon', 0.1)],
      ['LayerNormalization', 17, 'x ln3 ln3', 'of three, from the end', int('axis', -3)],
      ['GroupNormalization', 18, 'x g g', 'by group', int('num_groups', 2)],
      ['GroupNormalization', 21, 'x g g', 'by channel', int('num_groups', 1), float('epsilon', 0.2)],
      ['LpNormalization', 11, 'x', 'by length', int('axis', 1), int('p', 2)],
      ['LpNormalization', 11, 'x', 'by sum', int('axis', -1), int('p', 1)],
      ['LpPool', 11, 'x', 'padded', list('kernel_shape', 2, 3), list('strides', 2, 1), list('pads', 1, 1, 0, 1)],
      ['LpPool', 11, 'x', 'of cubes', text('auto_pad', 'SAME_UPPER'), list('kernel_shape', 2, 2), int('p', 3)],
      ['ReduceL1', 13, 'x', 'of axes', list('axes', 2, 3), int('keepdims', 0)],
      ['ReduceL1', 18, 'x last', 'of axes as an input'],
      ['ReduceL2', 13, 'x', 'of axes', list('axes', 1, -1), int('keepdims', 1)],
      ['ReduceSumSquare', 13, 'x', 'of axes', list('axes', 1)],
      ['ReduceLogSumExp', 13, 'x', 'of axes', list('axes', 2, 3), int('keepdims', 0)],
      ['SpaceToDepth', 13, 'x', '', int('blocksize', 2)],
      ['Gelu', 20, 'x', 'exact'],
      ['Gelu', 20, 'x', 'by tanh', text('approximate', 'tanh')],
      ['Mish', 18, 'x', ''],
      ['Celu', 12, 'x', '', float('alpha', 0.3)],
      ['Shrink', 9, 'x', '', float('lambd', 0.2), float('bias', 0.1)],
      ['Tan', 7, 'x', ''],
      ['Sinh', 9, 'x', ''],
      ['Cosh', 9, 'x', ''],
    ] as const
  ).map(([op, opset, inputs, says, ...attributes]): Case => ({
    name: `${op} ${says}`,
    opset,
    nodes: [node(op, inputs, 'y', ...attributes)],
    weights: [floats('ln', [6]), floats('ln3', [2, 6, 6]), floats('g', [2]), ints('last', [-1])],
  })),
  ...(
    [
      ['nchw,ncyx->nhwyx', 'x x'],
      ['nchw,nchv->nwv', 'x x'],
      ['nchw,cd->nhwd', 'x sq'],
      ['n c h w , d c -> n d h w', 'x sq'],
      ['...i,ji->...j', 'x last6'],
      ['nchw,nchw->nc', 'x x'],
      ['nchw->nc', 'x'],
      ['nchw->nwhc', 'x'],
      ['abdc', 'x'],
      ['nchw,cd->nd', 'x sq'],
      ['nchw,cd,de->newh', 'x sq sq'],
      ['dc,...chw->...d', 'sq x'],
    ] as const
  ).map(([equation, inputs]): Case => ({
    name: `Einsum ${equation}`,
    opset: 13,
    nodes: [node('Einsum', inputs, 'y', text('equation', equation))],
    weights: [floats('sq', [2, 2]), floats('last6', [4, 6])],
  })),
  {
    name: 'a constant that is put together: Concat, Expand, ScatterND',
    opset: 18,
    nodes: [
      node('Concat', 'sq sq', 'wide', int('axis', 1)),
      node('Expand', 'line six', 'lines'),
      node('ScatterND', 'lines places wide', 'mask'),
      node('Mul', 'x mask', 'y'),
    ],
    weights: [floats('sq', [2, 3]), floats('line', [6]), ints('six', [6, 6]), ints('places', [4, -1], [2, 1])],
    ops: 'Mul',
  },
  {
    name: 'Slice to the largest number, of opset 9',
    opset: 9,
    nodes: [node('Slice', 'x', 'y', list('starts', 2), list('axes', 3), { ...list('ends'), ints: [LARGEST as never] })],
    ops: 'Slice',
  },
  {
    name: 'ReduceLogSum',
    opset: 13,
    nodes: [node('Abs', 'x', 'a'), node('ReduceLogSum', 'a', 'y', list('axes', 1))],
  },
  {
    name: 'Cast to other floating-point types and back',
    opset: 13,
    nodes: [node('Cast', 'x', 'd', int('to', 11)), node('Cast', 'd', 'y', int('to', 1))],
  },
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].flatMap((mode): Case[] => [
    {
      name: `Conv ${mode}`,
      opset: 11,
      nodes: [node('Conv', 'x w', 'y', text('auto_pad', mode), list('strides', 2, 1))],
      weights: [kernel],
    },
    {
      name: `MaxPool ${mode}`,
      opset: 8,
      nodes: [node('MaxPool', 'x', 'y', text('auto_pad', mode), list('kernel_shape', 2, 3), list('strides', 1, 2))],
    },
    {
      name: `AveragePool ${mode}`,
      opset: 11,
      nodes: [node('AveragePool', 'x', 'y', text('auto_pad', mode), list('kernel_shape', 3, 3), list('strides', 2, 2))],
    },
    {
      name: `ConvTranspose ${mode}`,
      opset: 11,
      nodes: [node('ConvTranspose', 'x v', 'y', text('auto_pad', mode), list('strides', 2, 2))],
      weights: [floats('v', [2, 3, 3, 3])],
    },
  ]),
  {
    name: 'ConvTranspose output_shape',
    opset: 11,
    nodes: [node('ConvTranspose', 'x v', 'y', list('output_shape', 12, 12), list('strides', 2, 2))],
    weights: [floats('v', [2, 3, 3, 3])],
  },
  { name: 'Clip with attributes', opset: 7, nodes: [node('Clip', 'x', 'y', float('min', -0.5), float('max', 0.25))] },
  { name: 'Clip from below', opset: 7, nodes: [node('Clip', 'x', 'y', float('min', -0.5))] },
  { name: 'Clip from above', opset: 13, nodes: [node('Clip', 'x - high', 'y')], weights: [floats('high', [], [0.25])] },
  {
    name: 'Pad with attributes',
    opset: 9,
    nodes: [node('Pad', 'x', 'y', list('pads', 0, 0, 1, 2, 0, 0, 3, 0), float('value', 1.5))],
  },
  {
    name: 'Pad reflected',
    opset: 11,
    nodes: [node('Pad', 'x p', 'y', text('mode', 'reflect'))],
    weights: [ints('p', [0, 0, 1, 2, 0, 0, 3, 0])],
  },
  {
    name: 'Slice with attributes',
    opset: 9,
    nodes: [node('Slice', 'x', 'y', list('starts', 1, -4), list('ends', 9, -1), list('axes', 2, 3))],
  },
  {
    name: 'Slice with inputs',
    opset: 13,
    nodes: [node('Slice', 'x a b c d', 'y')],
    weights: [ints('a', [4]), ints('b', [-9]), ints('c', [2]), ints('d', [-2])],
  },
  {
    name: 'Split with an attribute',
    opset: 11,
    nodes: [node('Split', 'x', 'a b', int('axis', 2), list('split', 2, 4)), node('Concat', 'b a', 'y', int('axis', 2))],
  },
  {
    name: 'Split in equal parts',
    opset: 13,
    nodes: [node('Split', 'x', 'a b', int('axis', 1)), node('Sub', 'a b', 'y')],
  },
  {
    name: 'Squeeze and Unsqueeze with attributes',
    opset: 11,
    nodes: [
      node('ReduceMax', 'x', 'm', list('axes', 3), int('keepdims', 1)),
      node('Squeeze', 'm', 's', list('axes', 3)),
      node('Unsqueeze', 's', 'y', list('axes', 1)),
    ],
  },
  {
    name: 'ReduceMean with an attribute',
    opset: 13,
    nodes: [node('ReduceMean', 'x', 'y', list('axes', 2, 3), int('keepdims', 0))],
  },
  { name: 'ReduceSum with an input', opset: 13, nodes: [node('ReduceSum', 'x a', 'y')], weights: [ints('a', [-1])] },
  { name: 'Softmax over what is flattened', opset: 11, nodes: [node('Softmax', 'x', 'y', int('axis', 1))] },
  { name: 'Softmax along the last axis', opset: 13, nodes: [node('Softmax', 'x', 'y')] },
  { name: 'LogSoftmax over what is flattened', opset: 7, nodes: [node('LogSoftmax', 'x', 'y', int('axis', 2))] },
  {
    name: 'Upsample with an attribute',
    opset: 7,
    nodes: [node('Upsample', 'x', 'y', { name: 'scales', type: ATTRIBUTE_TYPE.floats, floats: [1, 1, 2, 3] })],
  },
  {
    name: 'Upsample bilinear',
    opset: 9,
    nodes: [node('Upsample', 'x s', 'y', text('mode', 'linear'))],
    weights: [floats('s', [4], [1, 1, 2, 2])],
  },
  {
    name: 'Resize of opset 10',
    opset: 10,
    nodes: [node('Resize', 'x s', 'y')],
    weights: [floats('s', [4], [1, 1, 1.5, 2])],
  },
  {
    name: 'Resize to sizes',
    opset: 13,
    nodes: [
      node(
        'Resize',
        'x - - s',
        'y',
        text('mode', 'linear'),
        text('coordinate_transformation_mode', 'pytorch_half_pixel'),
      ),
    ],
    weights: [ints('s', [3, 2, 13, 7])],
  },
  {
    name: 'Resize along two axes',
    opset: 18,
    nodes: [node('Resize', 'x - - s', 'y', list('axes', 2, 3))],
    weights: [ints('s', [11, 5])],
  },
  {
    name: 'Dropout',
    opset: 7,
    nodes: [node('Dropout', 'x', 'd', float('ratio', 0.5)), node('Relu', 'd', 'y')],
    ops: 'Relu',
  },
  {
    name: 'BatchNormalization of opset 7',
    opset: 7,
    nodes: [node('BatchNormalization', 'x a b c d', 'y', int('spatial', 1), float('momentum', 0.9))],
    weights: [floats('a', [2]), floats('b', [2]), floats('c', [2]), floats('d', [2], [1, 2])],
  },
  {
    name: 'InstanceNormalization',
    opset: 11,
    nodes: [node('InstanceNormalization', 'x a b', 'y', float('epsilon', 0.01))],
    weights: [floats('a', [2]), floats('b', [2])],
  },
  { name: 'Gelu', opset: 20, nodes: [node('Gelu', 'x', 'y')] },
  { name: 'Gelu by tanh', opset: 20, nodes: [node('Gelu', 'x', 'y', text('approximate', 'tanh'))] },
  {
    name: 'float attributes that are whole numbers',
    opset: 13,
    nodes: [
      node('LeakyRelu', 'x', 'a', float('alpha', 2)),
      node('Elu', 'a', 'b', float('alpha', 3)),
      node('LRN', 'b', 'y', int('size', 3), float('alpha', 1), float('beta', 1), float('bias', 2)),
    ],
  },
  { name: 'view(size(0), -1), opset 11', opset: 11, nodes: chain(11), weights: sizes, ops: 'Reshape' },
  { name: 'view(size(0), -1), opset 13', opset: 13, nodes: chain(13), weights: sizes, ops: 'Reshape' },
  {
    name: 'view(1, -1) of a fixed batch',
    opset: 13,
    batch: 1,
    nodes: [node('Reshape', 'x t', 'y')],
    weights: [ints('t', [1, -1])],
    ops: 'Reshape',
  },
  {
    name: 'weights that are transposed',
    opset: 13,
    nodes: [node('Flatten', 'x', 'f'), node('Transpose', 'm', 't', list('perm', 1, 0)), node('MatMul', 'f t', 'y')],
    weights: [floats('m', [5, 72])],
    ops: 'Flatten MatMul',
  },
  {
    name: 'nodes that are not in order',
    opset: 13,
    nodes: [node('Relu', 'b', 'y'), node('Sin', 'a', 'b'), node('Neg', 'x', 'a')],
    ops: 'Neg Sin Relu',
  },
  {
    name: 'Identity between',
    opset: 13,
    nodes: [node('Identity', 'x', 'a'), node('Sin', 'a', 'b'), node('Identity', 'b', 'y')],
    ops: 'Sin',
  },
];

describe('nodes of every operator set, against ONNX Runtime on the file itself', () => {
  it.each([...CASES, ...BATCH_CASES, ...PICKING_CASES])(
    '$name',
    async ({ opset, nodes, weights = [], batch, ops, output = 'y' }) => {
      const bytes = onnxFile({
        opset,
        nodes,
        initializers: weights,
        outputs: [output],
        inputs: { x: [batch ?? 'N', 2, 6, 6] },
      });
      const input = noise([batch ?? 3, 2, 6, 6]);
      const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
      const expected = (await session.run({ x: new ort.Tensor('float32', input.data, input.shape) }))[output]!;

      const model = await openModel(write('model.onnx', bytes));
      expect([model.unknown, model.warnings]).toEqual([[], []]);
      const [result] = await runModel(model, input);
      expect(result!.shape).toEqual(expected.dims);
      expect(largestDifference(result!.data as Float32Array, expected.data as Float32Array)).toBeLessThan(1e-5);

      const inferred = inferShapes(model.graph).get(model.graph.outputs[0]!)!;
      expect(inferred.map((size) => (size === -1 ? input.shape[0] : size))).toEqual(expected.dims);
      if (ops) expect(model.graph.nodes.map(({ op }) => op).join(' ')).toBe(ops);
      if (ops)
        expect(new Set(model.layers.map(({ kind }) => kind))).toEqual(
          new Set(['Input', ...ops.split(' '), ...(ops === 'Relu' ? ['Dropout'] : [])]),
        );

      // A fixed batch is free in the graph: each image by itself gives the same.
      const two = await runModel(
        model,
        float32(Float32Array.of(...input.data, ...input.data), [2 * input.shape[0]!, 2, 6, 6]),
      );
      expect(two[0]!.shape[0]).toBe(2 * expected.dims[0]!);
    },
  );
});

it('a branch with too few outputs is a damaged file', async () => {
  const nodes = branching(2).with(-1, { ...branching(2).at(-1)!, outputs: ['y', 'more'] });
  const message = await failure(write('model.onnx', onnxFile({ nodes, outputs: ['more'] })));
  expect(message).toBe("If 'y' has a branch of 1 outputs for 2; the file is damaged");
});
