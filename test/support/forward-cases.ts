import { int64 } from '../../src/core/graph/tensor.ts';
import { distinct } from './finite-differences.ts';
import {
  alone,
  conv,
  convTranspose,
  MAP,
  one,
  pool,
  wide,
  type Attributes,
  type Inputs,
  type OperatorCase,
} from './operator-cases.ts';

const compared = (op: string): OperatorCase[] => [
  { op, says: 'with a scalar', shape: [2, 3, 2, 2], inputs: (b, x) => [x, b.scalar(-0.125)] },
  { op, says: 'with some equal', shape: [2, 4], inputs: (b, x) => [x, b.add('Abs', [x])] },
  { op, says: 'broadcast both ways', shape: [2, 3, 1, 1], inputs: (b, x) => [x, b.constant('c', distinct([3, 4]))] },
];
const logical = (op: string): OperatorCase[] => [
  {
    op,
    says: 'broadcast',
    shape: [2, 3, 4, 4],
    inputs: (b, x) => [
      b.add('Greater', [x, b.scalar(0)]),
      b.add('Less', [b.constant('c', distinct([3, 1, 4])), b.scalar(0.2)]),
    ],
  },
];
const argument = (op: string): OperatorCase[] => [
  one(op, { axis: 1 }),
  one(op, { axis: -1, keepdims: 0 }),
  { op, says: 'the first of equals', shape: [2, 6], attributes: { axis: 1 }, inputs: (b, x) => [b.add('Round', [x])] },
  {
    op,
    says: 'the last of equals',
    shape: [2, 6],
    attributes: { axis: 1, select_last_index: 1 },
    inputs: (b, x) => [b.add('Round', [x])],
  },
];
const pad = (mode: string): OperatorCase => ({
  op: 'Pad',
  says: mode,
  shape: MAP,
  attributes: { mode },
  inputs: (b, x) => [x, b.ints([0, 0, 1, 2, 0, 0, 0, 3])],
});
/** As images are where convolutions ran before: their layout must not matter. */
const afterConvolution = (op: string, attributes: Attributes, more: Inputs = () => []): OperatorCase => ({
  op,
  says: `after a convolution ${JSON.stringify(attributes)}`,
  shape: MAP,
  attributes,
  inputs: (b, x) => [
    b.add('Conv', [x, b.constant('w', distinct([4, 3, 3, 3], 3))], { pads: [1, 1, 1, 1] }),
    ...more(b, x),
  ],
});

/** What nothing is differentiated through: for every other operator at least one. */
export const FORWARD_CASES: readonly OperatorCase[] = [
  ...['Sign', 'Floor', 'Ceil', 'Round'].map((op) => one(op, {}, wide)),
  { op: 'Round', says: 'halves to even', shape: [1, 4], inputs: (b) => [b.floats('h', [0.5, 1.5, -0.5, 2.5], [1, 4])] },
  one('Cast', { to: 6 }, wide),
  one('Cast', { to: 7 }, wide),
  one('Cast', { to: 9 }, wide),
  { op: 'Cast', says: 'of truths', shape: [2, 5], attributes: { to: 1 }, inputs: (b, x) => [b.add('Greater', [x, x])] },
  { op: 'Not', says: '', shape: [2, 3, 2, 2], inputs: (b, x) => [b.add('Greater', [x, b.scalar(0)])] },
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].flatMap(compared),
  ...['And', 'Or'].flatMap(logical),
  ...['ArgMax', 'ArgMin'].flatMap(argument),
  { op: 'ReduceProd', says: '', shape: MAP, inputs: (b, x) => [x, b.ints([1, 2])] },
  { op: 'Shape', says: '', shape: MAP, inputs: alone },
  {
    op: 'Gather',
    says: 'along channels',
    shape: MAP,
    attributes: { axis: 1 },
    inputs: (b, x) => [x, b.ints([2, 0, -1])],
  },
  {
    op: 'Gather',
    says: 'one position',
    shape: MAP,
    attributes: { axis: 2 },
    inputs: (b, x) => [x, b.constant('i', int64([3], []))],
  },
  {
    op: 'TopK',
    says: 'with some equal',
    shape: [2, 3, 6],
    attributes: { axis: 2 },
    outputs: 2,
    inputs: (b, x) => [b.add('Round', [x]), b.ints([5])],
  },
  ...['none', 'add', 'mul', 'max', 'min'].map((reduction): OperatorCase => ({
    op: 'ScatterElements',
    says: reduction,
    shape: [3, 4],
    attributes: { axis: 1, reduction },
    inputs: (b, x) => [
      x,
      b.constant('i', int64(reduction === 'none' ? [0, 3, -2, 1, 3, 0] : [0, 0, -1, 1, 3, 3], [3, 2])),
      b.constant('u', distinct([3, 2], 5)),
    ],
  })),
  {
    op: 'ScatterElements',
    says: 'flat, some places twice',
    shape: [6],
    attributes: { axis: 0, reduction: 'add' },
    inputs: (b) => [
      b.constant('d', distinct([6])),
      b.constant('i', int64([1, 1, 5, 0])),
      b.constant('u', distinct([4], 5)),
    ],
  },
  { ...pool('MaxPool', 'with switches', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }), outputs: 2 },
  pool('MaxPool', 'dilated', { kernel_shape: [2, 2], dilations: [2, 3] }),
  pool('MaxPool', 'of one axis', { kernel_shape: [3], strides: [2], pads: [1, 0] }, [2, 3, 9]),
  pool('AveragePool', 'of one axis', { kernel_shape: [3], strides: [2], pads: [1, 0] }, [2, 3, 9]),
  { op: 'Concat', says: 'of one', shape: MAP, attributes: { axis: 1 }, inputs: alone },
  ...['reflect', 'edge'].map(pad),
  {
    op: 'Pad',
    says: 'with a value',
    shape: MAP,
    inputs: (b, x) => [x, b.ints([0, 0, 1, 2, 0, 0, 0, 3]), b.scalar(-7)],
  },
  {
    op: 'Slice',
    says: 'every other one from the end',
    shape: MAP,
    inputs: (b, x) => [x, b.ints([-1, 0]), b.ints([-99, 7]), b.ints([2, 3]), b.ints([-1, 2])],
  },
  conv('grouped, more outputs than inputs', [6, 1, 3, 3], { group: 3, strides: [2, 2] }),
  conv('grouped by two', [6, 2, 2, 2], { group: 2 }, [1, 4, 5, 5]),
  {
    ...convTranspose('grouped', { group: 3, strides: [2, 2] }),
    inputs: (b, x) => [x, b.constant('w', distinct([3, 2, 3, 3]))],
  },
  {
    ...convTranspose('of each channel, with a bias', {
      group: 3,
      strides: [2, 3],
      dilations: [2, 1],
      pads: [1, 1, 0, 1],
    }),
    inputs: (b, x) => [x, b.constant('w', distinct([3, 1, 3, 2])), b.constant('c', distinct([3]))],
  },
  {
    ...convTranspose('of one axis', { strides: [3], output_padding: [2] }),
    shape: [2, 3, 5],
    inputs: (b, x) => [x, b.constant('w', distinct([3, 2, 2]))],
  },
  afterConvolution('Relu', {}),
  afterConvolution('Flatten', { axis: 1 }),
  afterConvolution('Transpose', { perm: [0, 2, 1, 3] }),
  afterConvolution('Reshape', {}, (b) => [b.ints([0, 2, -1])]),
  afterConvolution('Softmax', { axis: 1 }),
  afterConvolution('ReduceMax', { keepdims: 0 }, (b) => [b.ints([1])]),
  afterConvolution('ReduceMean', { keepdims: 0 }, (b) => [b.ints([2])]),
  afterConvolution('ReduceMean', { keepdims: 0 }, (b) => [b.ints([2, 3])]),
  afterConvolution('ReduceSum', { keepdims: 1 }, (b) => [b.ints([3])]),
  afterConvolution('ArgMax', { axis: 1 }),
  afterConvolution('Concat', { axis: 2 }, (b, x) => [
    b.add('Concat', [x, b.add('Slice', [x, b.ints([0]), b.ints([1]), b.ints([1])])], { axis: 1 }),
  ]),
  { ...afterConvolution('Split', { axis: 1 }, (b) => [b.ints([1, 3])]), outputs: 2 },
  afterConvolution('Slice', {}, (b) => [b.ints([1]), b.ints([3]), b.ints([1])]),
  afterConvolution('Pad', { mode: 'reflect' }, (b) => [b.ints([0, 0, 2, 1, 0, 0, 0, 3])]),
  afterConvolution('Gather', { axis: 1 }, (b) => [b.ints([3, 1])]),
  afterConvolution('MatMul', {}, (b) => [b.constant('m', distinct([7, 2]))]),
  afterConvolution('Add', {}, (b) => [b.constant('v', distinct([7]))]),
  afterConvolution('Mul', {}, (b) => [b.constant('s', distinct([4, 1, 1]))]),
  afterConvolution('MaxPool', { kernel_shape: [2, 2] }),
];
