import { TO_NCHW } from '../../keras/tensor.ts';
import type { OpCall } from '../call.ts';
import { number, text, type as typeOf } from '../node.ts';
import { computed, type Computed, type Result } from '../result.ts';
import { graphType } from '../tensors.ts';
import { CAST_TO, dtypeOf } from '../types.ts';
import type { OpTable, OpWriter } from './operator.ts';

/** Applied to each value: the output stands as the input does. */
const unary =
  (write: (call: OpCall, x: string) => string): OpWriter =>
  (call) => {
    const x = call.computed();
    return [computed(write(call, x.tensor), x.channelsLast)];
  };

const same = (op: string): OpWriter => unary((call, x) => call.add(op, [x]));

/** The inputs with their axes in one common order, that of the images among them. */
export function aligned(
  call: OpCall,
  inputs: readonly Result[],
): { readonly tensors: string[]; readonly channelsLast: boolean } {
  const channelsLast = inputs.some((input) => input.kind === 'computed' && input.channelsLast);
  const alike = isWholeNumbers(call) ? inFloats(call, inputs) : inputs;
  return {
    tensors: alike.map((input) => (channelsLast ? asImage(call, input) : call.materialise(input).tensor)),
    channelsLast,
  };
}

const isWholeNumbers = ({ node }: OpCall) => /^int/.test(graphType(typeOf(node, 'T')) ?? '');

/** Whole numbers beside those of a picture, which are floats here: all are floats then. */
function inFloats(call: OpCall, inputs: readonly Result[]): readonly Result[] {
  const { draft } = call.state;
  const isFloat = (input: Result) => input.kind === 'computed' && dtypeOf(draft, input.tensor) === 'float32';
  if (!inputs.some(isFloat)) return inputs;
  return inputs.map((input, i): Result => {
    if (input.kind === 'known') {
      const items = Float32Array.from(input.value.items as ArrayLike<number>);
      return { kind: 'known', name: input.name, value: { ...input.value, dtype: 'float32', items } };
    }
    if (input.kind !== 'computed' || isFloat(input)) return input;
    return { ...input, tensor: call.add('Cast', [input.tensor], { to: CAST_TO.float32 }, `float${i}`) };
  });
}

/** A tensor that is broadcast against an image. */
function asImage(call: OpCall, input: Result): string {
  if (input.kind === 'known') {
    const { length } = input.value.shape;
    if (length === 0) return call.constant(input);
    return call.constant(input, { axes: 4, perm: TO_NCHW });
  }
  const tensor = call.materialise(input);
  if (tensor.channelsLast) return tensor.tensor;
  const { length } = call.shape(tensor);
  if (length === 0) return tensor.tensor;
  const missing = Array.from({ length: 4 - length }, (_, axis) => axis);
  const four = missing.length ? call.add('Unsqueeze', [tensor.tensor, call.ints(missing)], {}, 'axes') : tensor.tensor;
  return call.toImage(four).tensor;
}

const binary =
  (op: string): OpWriter =>
  (call) => {
    const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
    return [computed(call.add(op, tensors), channelsLast)];
  };

const sum: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, call.inputs);
  return [
    tensors.length === 1 ? computed(tensors[0]!, channelsLast) : computed(call.add('Sum', tensors), channelsLast),
  ];
};

const squaredDifference: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
  const difference = call.add('Sub', tensors, {}, 'difference');
  return [computed(call.add('Mul', [difference, difference]), channelsLast)];
};

/** Adds a vector along the channels. */
export function biased(call: OpCall, x: Computed, index: number, part = ''): Computed {
  const rank = call.shape(x).length;
  const after = x.channelsLast || text(call.node, 'data_format') === 'NCHW' ? rank - 2 : 0;
  const bias = call.weight(index, 1, {
    shape: ([size]) => (after > 0 ? [1, size!, ...new Array<number>(after).fill(1)] : [size!]),
  });
  return computed(call.add('Add', [x.tensor, bias], {}, part), x.channelsLast);
}

const biasAdd: OpWriter = (call) => [biased(call, call.computed(), 1)];

export const leakyRelu = (call: OpCall, x: string, part = ''): string => {
  const name = call.node.op === 'LeakyRelu' ? 'alpha' : 'leakyrelu_alpha';
  return call.add('LeakyRelu', [x], { alpha: number(call.node, name, 0.2) }, part);
};

const clip = (call: OpCall, x: string): string =>
  call.add('Clip', [x, call.scalar(call.number(1)), call.scalar(call.number(2))]);

export const ELEMENTWISE_OPS: OpTable = {
  ...Object.fromEntries(
    'Relu Elu Selu Sigmoid Tanh Softplus Softsign Exp Log Sqrt Neg Abs Sin Cos Atan Erf Sign Floor Ceil Round Reciprocal'
      .split(' ')
      .map((op) => [op, same(op)]),
  ),
  Inv: same('Reciprocal'),
  Rint: same('Round'),
  LogicalNot: same('Not'),
  Relu6: unary((call, x) => call.add('Clip', [x, call.scalar(0), call.scalar(6)])),
  LeakyRelu: unary((call, x) => leakyRelu(call, x)),
  ClipByValue: unary(clip),
  Erfc: unary((call, x) => call.add('Sub', [call.scalar(1), call.add('Erf', [x], {}, 'Erf')])),
  _FusedHardSwish: same('HardSwish'),
  Square: unary((call, x) => call.add('Mul', [x, x])),
  Rsqrt: unary((call, x) => call.add('Reciprocal', [call.add('Sqrt', [x], {}, 'Sqrt')])),
  Add: binary('Add'),
  AddV2: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  RealDiv: binary('Div'),
  Div: binary('Div'),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterOrEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessOrEqual'),
  Equal: binary('Equal'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  SquaredDifference: squaredDifference,
  AddN: sum,
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
};
