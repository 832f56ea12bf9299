import type { Attribute } from '../../src/core/graph/graph.ts';
import type { GraphBuilder } from '../../src/core/graph/builder.ts';
import { float32, int64, type Tensor } from '../../src/core/graph/tensor.ts';
import { distinct } from './finite-differences.ts';

export type Attributes = Record<string, Attribute>;
export type Inputs = (builder: GraphBuilder, x: string) => string[];

/** One configuration of an operator, with one input `x` to be differentiated by. */
export interface OperatorCase {
  readonly op: string;
  readonly says: string;
  readonly shape: readonly number[];
  readonly inputs: Inputs;
  readonly attributes?: Attributes;
  readonly outputs?: number;
  /** Which of them is looked at; default the last. */
  readonly output?: number;
  readonly map?: (value: number) => number;
}

export const alone: Inputs = (_, x) => [x];
export const MAP = [2, 3, 6, 7];

export const one = (
  op: string,
  attributes: Attributes = {},
  map?: OperatorCase['map'],
  shape: readonly number[] = [2, 3, 4, 4],
): OperatorCase => ({
  op,
  says: JSON.stringify(attributes),
  shape,
  inputs: alone,
  attributes,
  map,
});
const positive = (value: number) => Math.abs(value) + 0.5;
export const wide = (value: number) => value * 4.2;

export const conv = (
  says: string,
  weights: readonly number[],
  attributes: Attributes,
  shape: readonly number[] = MAP,
): OperatorCase => ({
  op: 'Conv',
  says,
  shape,
  inputs: (b, x) => [x, b.constant('w', distinct(weights, 3))],
  attributes,
});
export const convTranspose = (says: string, attributes: Attributes): OperatorCase => ({
  ...conv(says, [3, 2, 3, 3], attributes, [1, 3, 4, 5]),
  op: 'ConvTranspose',
});
export const pool = (
  op: string,
  says: string,
  attributes: Attributes,
  shape: readonly number[] = MAP,
): OperatorCase => ({
  op,
  says,
  shape,
  inputs: alone,
  attributes,
});
/** x in one place, a constant of another shape in the other: broadcasting both ways. */
const binary = (op: string, map?: OperatorCase['map']): OperatorCase[] => [
  { op, says: 'by a vector', shape: [2, 3, 2, 2], map, inputs: (b, x) => [x, b.constant('c', shifted([3, 1, 1]))] },
  {
    op,
    says: 'as the broadcast one',
    shape: [2, 3, 1, 1],
    map,
    inputs: (b, x) => [b.constant('c', shifted([1, 3, 2, 2])), x],
  },
];
const shifted = (shape: readonly number[]): Tensor<'float32'> =>
  float32(
    distinct(shape, 11).data.map((v) => v * 0.4 + 1.2),
    shape,
  );

/** For every operator with a gradient at least one. */
export const GRADIENT_CASES: readonly OperatorCase[] = [
  conv('plain', [4, 3, 3, 3], {}),
  conv('padded', [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('padded unevenly', [4, 3, 3, 2], { pads: [0, 1, 2, 0] }),
  conv('stride 2', [4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('stride 2, rows left out', [4, 3, 3, 3], { strides: [2, 3] }),
  conv('stride 3 with a small kernel', [4, 3, 1, 1], { strides: [3, 3] }),
  conv('stride 2 and one row beyond', [4, 3, 2, 2], { strides: [2, 2] }, [1, 3, 7, 7]),
  conv('1×1 with padding beyond the kernel', [5, 3, 1, 1], { pads: [1, 1, 1, 1] }),
  conv('dilated', [4, 3, 2, 2], { dilations: [2, 3], pads: [1, 1, 1, 1] }),
  conv('dilated, stride 2', [4, 3, 2, 2], { dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('grouped', [6, 2, 3, 3], { group: 3, pads: [1, 1, 1, 1] }, [1, 6, 5, 5]),
  conv('depthwise', [6, 1, 3, 3], { group: 3, pads: [1, 1, 1, 1] }),
  conv('depthwise, stride 2, uneven', [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [0, 0, 1, 1] }),
  conv('of one axis', [4, 3, 3], { pads: [1, 1] }, [2, 3, 9]),
  convTranspose('plain', {}),
  convTranspose('stride 2', { strides: [2, 2], pads: [1, 0, 1, 1], output_padding: [1, 0] }),
  pool('MaxPool', 'overlapping', { kernel_shape: [3, 3], strides: [2, 2] }),
  pool('MaxPool', 'ceil', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, [2, 2, 6, 8]),
  pool('MaxPool', 'padded', { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
  pool('AveragePool', 'plain', { kernel_shape: [2, 2], strides: [2, 2] }),
  pool('AveragePool', 'padding left out', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  pool('AveragePool', 'padding counted', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  pool('AveragePool', 'ceil', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, [2, 2, 6, 8]),
  ...(['MaxPool', 'AveragePool'] as const).map((op) =>
    pool(
      op,
      'ceil, where one more window would lie in the padding',
      { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
      [2, 2, 5, 7],
    ),
  ),
  pool(
    'AveragePool',
    'ceil, padding counted',
    { kernel_shape: [2, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 },
    [2, 2, 5, 6],
  ),
  pool('GlobalAveragePool', '', {}),
  pool('GlobalMaxPool', '', {}),
  one('Relu'),
  one('LeakyRelu', { alpha: 0.1 }),
  one('ThresholdedRelu', { alpha: 0.3 }),
  one('Elu', { alpha: 0.7 }),
  one('Selu'),
  one('Sigmoid', {}, wide),
  one('HardSigmoid', {}, wide),
  one('HardSwish', {}, wide),
  one('Tanh'),
  one('Softplus'),
  one('Softsign'),
  one('Exp'),
  one('Log', {}, positive),
  one('Sqrt', {}, positive),
  one('Reciprocal', {}, positive),
  one('Neg'),
  one('Abs'),
  one('Sin'),
  one('Cos'),
  one('Erf'),
  one('Atan', {}, wide),
  one('Identity'),
  { op: 'Clip', says: 'both', shape: [2, 8], map: wide, inputs: (b, x) => [x, b.scalar(-1), b.scalar(2)] },
  { op: 'Clip', says: 'low', shape: [2, 8], map: wide, inputs: (b, x) => [x, b.scalar(-1)] },
  { op: 'Clip', says: 'high', shape: [2, 8], map: wide, inputs: (b, x) => [x, '', b.scalar(1)] },
  { op: 'PRelu', says: '', shape: [2, 3, 2, 2], inputs: (b, x) => [x, b.floats('slope', [0.1, 0.2, 0.3], [3, 1, 1])] },
  ...binary('Add'),
  ...binary('Sub'),
  ...binary('Mul'),
  ...binary('Div', positive),
  ...binary('Pow', positive),
  ...binary('Max', wide),
  ...binary('Min', wide),
  ...binary('Sum'),
  ...binary('Mean'),
  { op: 'Max', says: 'of itself', shape: [2, 4], inputs: (_, x) => [x, x] },
  {
    op: 'Where',
    says: '',
    shape: [2, 3],
    inputs: (b, x) => [b.add('Greater', [x, b.scalar(0)]), x, b.add('Mul', [x, b.scalar(3)])],
  },
  {
    op: 'Gemm',
    says: 'transB',
    shape: [3, 4],
    attributes: { transB: 1, alpha: 0.5, beta: 2 },
    inputs: (b, x) => [x, b.constant('w', distinct([5, 4])), b.constant('c', distinct([5]))],
  },
  { op: 'Gemm', says: 'plain', shape: [3, 4], inputs: (b, x) => [x, b.constant('w', distinct([4, 5]))] },
  {
    op: 'Gemm',
    says: 'x as bias',
    shape: [3, 5],
    attributes: { beta: 2 },
    inputs: (b, x) => [b.add('Neg', [x]), b.constant('w', distinct([5, 5])), x],
  },
  { op: 'MatMul', says: 'by a matrix', shape: [2, 3, 4], inputs: (b, x) => [x, b.constant('w', distinct([4, 5]))] },
  {
    op: 'MatMul',
    says: 'in a batch',
    shape: [2, 3, 4],
    inputs: (b, x) => [x, b.add('Transpose', [x], { perm: [0, 2, 1] })],
  },
  one('ReduceSum', {}, undefined, [2, 3, 4]),
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'].flatMap((op): OperatorCase[] =>
    [0, 1].map((keepdims) => ({
      op,
      says: `keepdims ${keepdims}`,
      shape: MAP,
      attributes: { keepdims },
      inputs: (b, x) => [x, b.ints([2, -1])],
    })),
  ),
  ...[[], ['reverse'], ['exclusive'], ['exclusive', 'reverse']].map((flags, i): OperatorCase => ({
    op: 'CumSum',
    says: flags.join(', '),
    shape: [2, 3, 4],
    attributes: Object.fromEntries(flags.map((flag) => [flag, 1])),
    inputs: (b, x) => [x, b.constant('axis', int64([i % 2 ? 1 : -1], []))],
  })),
  { op: 'ReduceProd', says: '', shape: [2, 3, 4], map: positive, inputs: (b, x) => [x, b.ints([1])] },
  one('Cast', { to: 1 }),
  one('Softmax', { axis: 1 }, wide, [3, 5]),
  one('LogSoftmax', { axis: -1 }, wide, [3, 5]),
  one('Softmax', { axis: 1 }),
  {
    op: 'BatchNormalization',
    says: '',
    shape: MAP,
    inputs: (b, x) => [x, ...['scale', 'bias', 'mean', 'variance'].map((name) => b.constant(name, shifted([3])))],
  },
  one('LRN', { size: 5, alpha: 0.9, beta: 0.75, bias: 2 }, wide, [2, 8, 2, 2]),
  { op: 'Reshape', says: '', shape: MAP, inputs: (b, x) => [x, b.ints([0, 21, -1])] },
  one('Flatten', { axis: 1 }),
  one('Transpose', { perm: [0, 2, 3, 1] }),
  { op: 'Squeeze', says: '', shape: [2, 3, 1, 1], inputs: (b, x) => [x, b.ints([2, 3])] },
  { op: 'Unsqueeze', says: '', shape: [2, 3], inputs: (b, x) => [x, b.ints([1, -1])] },
  {
    op: 'Concat',
    says: 'with itself',
    shape: MAP,
    attributes: { axis: 1 },
    inputs: (b, x) => [x, b.add('Neg', [x]), x],
  },
  {
    op: 'Split',
    says: 'second part',
    shape: MAP,
    attributes: { axis: 2 },
    outputs: 2,
    inputs: (b, x) => [x, b.ints([2, 4])],
  },
  { op: 'Slice', says: '', shape: MAP, inputs: (b, x) => [x, b.ints([1, -4]), b.ints([99, -1]), b.ints([2, 3])] },
  {
    op: 'Slice',
    says: 'with steps, backwards too',
    shape: MAP,
    inputs: (b, x) => [x, b.ints([1, 5]), b.ints([99, 0]), b.ints([2, 3]), b.ints([2, -2])],
  },
  ...['reflect', 'edge', 'wrap'].map((mode): OperatorCase => ({
    op: 'Pad',
    says: mode,
    shape: [2, 2, 4, 3],
    attributes: { mode },
    inputs: (b, x) => [x, b.ints([0, 0, 2, 1, 0, 0, 3, 2])],
  })),
  ...[0, 1].map((largest): OperatorCase => ({
    op: 'TopK',
    says: `along channels, largest ${largest}`,
    shape: MAP,
    attributes: { axis: 1, largest },
    outputs: 2,
    output: 0,
    inputs: (b, x) => [x, b.ints([2])],
  })),
  { op: 'TopK', says: 'of a row', shape: [2, 9], outputs: 2, output: 0, inputs: (b, x) => [x, b.ints([4])] },
  {
    op: 'GatherElements',
    says: 'some places twice, some axes in part',
    shape: [2, 5, 3],
    attributes: { axis: 1 },
    inputs: (b, x) => {
      const part = b.add('Slice', [x, b.ints([0]), b.ints([2]), b.ints([2])]);
      const [most, least] = ['ArgMax', 'ArgMin'].map((op) => b.add(op, [part], { axis: 1, keepdims: 1 }));
      return [x, b.add('Concat', [most!, least!, most!], { axis: 1 })];
    },
  },
  {
    op: 'GatherElements',
    says: 'where another is largest',
    shape: [2, 5, 3],
    attributes: { axis: 1 },
    inputs: (b, x) => [x, b.add('ArgMax', [b.add('Neg', [x])], { axis: 1, keepdims: 1 })],
  },
  {
    op: 'Gather',
    says: 'one',
    shape: MAP,
    attributes: { axis: 2 },
    inputs: (b, x) => [x, b.constant('at', int64([-2], []))],
  },
  {
    op: 'Gather',
    says: 'some twice',
    shape: MAP,
    attributes: { axis: 1 },
    inputs: (b, x) => [x, b.constant('at', int64([2, 0, 2, -1], [2, 2]))],
  },
  {
    op: 'Gather',
    says: 'all in another order',
    shape: MAP,
    attributes: { axis: 3 },
    inputs: (b, x) => [x, b.ints([6, 0, 5, 1, 4, 2, 3])],
  },
  { op: 'Gather', says: 'a range', shape: MAP, attributes: { axis: -1 }, inputs: (b, x) => [x, b.ints([2, 3, 4])] },
  { op: 'Pad', says: '', shape: MAP, inputs: (b, x) => [x, b.ints([0, 0, 1, 2, 0, 0, 0, 3])] },
  { op: 'Pad', says: 'cutting', shape: MAP, inputs: (b, x) => [x, b.ints([0, 0, 1, -2, 0, 0, 0, 1])] },
  { op: 'Expand', says: '', shape: [2, 3, 1, 2], inputs: (b, x) => [x, b.ints([1, 3, 4, 2])] },
  one('DepthToSpace', { blocksize: 2 }, undefined, [2, 8, 2, 3]),
  one('DepthToSpace', { blocksize: 2, mode: 'CRD' }, undefined, [2, 8, 2, 3]),
  ...(['nearest', 'linear', 'cubic'] as const).flatMap((mode): OperatorCase[] =>
    ['half_pixel', 'align_corners', 'asymmetric', 'pytorch_half_pixel'].map((coordinates) => ({
      op: 'Resize',
      says: `${mode} ${coordinates}`,
      shape: [1, 2, 3, 4],
      attributes: {
        mode,
        coordinate_transformation_mode: coordinates,
        ...(mode === 'nearest' && { nearest_mode: 'floor' }),
      },
      inputs: (b, x) => [x, '', '', b.ints([1, 2, 6, 7])],
    })),
  ),
  {
    op: 'Resize',
    says: 'to a third, whose positions are whole but for rounding',
    shape: [1, 1, 9, 6],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    inputs: (b, x) => [x, '', b.floats('s', [1, 1, 0.33333334, 0.33333334], [4])],
  },
  {
    op: 'Resize',
    says: 'by scales',
    shape: [1, 2, 3, 4],
    attributes: { mode: 'linear' },
    inputs: (b, x) => [x, '', b.floats('s', [1, 1, 2, 1.5], [4])],
  },
];

/** The case's input. */
export function caseInput({ shape, map }: OperatorCase): Tensor<'float32'> {
  const input = distinct(shape);
  return map ? float32(input.data.map(map), shape) : input;
}

/** Writes the case's node and returns its last output. */
export function writeCase(
  { op, inputs, attributes = {}, outputs = 1, output = -1 }: OperatorCase,
  b: GraphBuilder,
  x: string,
): string {
  const names = Array.from({ length: outputs }, (_, i) => b.unique(`y${i}`));
  return b.addNode(op, inputs(b, x), names, attributes).at(output)!;
}
