import { Unsupported, type LayerBuilder } from '../call.ts';
import { pointwise } from './activations.ts';
import { aligned, MERGE_LAYERS } from './merge.ts';

/** An operator of two operands, one of which may be a number; of tensors alone what the layer of that name does. */
const arithmetic =
  (op: string, layer?: LayerBuilder): LayerBuilder =>
  (call) => {
    const { operands } = call;
    if (layer && operands.length === call.inputs.length) return layer(call);
    const [first] = aligned(call);
    const [a, b] = call.inputs.length > 1 ? aligned(call).map(({ tensor }) => tensor) : operands;
    if (a === undefined || b === undefined || operands.length !== 2) throw new Unsupported(call.operator);
    return { result: { ...first!, tensor: call.add(op, [a, b]) } };
  };

const unary = (op: string): LayerBuilder => pointwise((call, x) => call.add(op, [x]));

/** Arithmetic that Keras 3 writes as layers, where a network computes with tensors. */
export const OPERATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Add: arithmetic('Add', MERGE_LAYERS.Add),
  Subtract: arithmetic('Sub', MERGE_LAYERS.Subtract),
  Multiply: arithmetic('Mul', MERGE_LAYERS.Multiply),
  Maximum: arithmetic('Max', MERGE_LAYERS.Maximum),
  Minimum: arithmetic('Min', MERGE_LAYERS.Minimum),
  Divide: arithmetic('Div'),
  TrueDivide: arithmetic('Div'),
  Power: arithmetic('Pow'),
  Negative: unary('Neg'),
  Absolute: unary('Abs'),
  Sqrt: unary('Sqrt'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Square: pointwise((call, x) => call.add('Mul', [x, x])),
};

/** TensorFlow's functions in a network of Keras 2, by name. */
const FUNCTIONS: Readonly<Record<string, LayerBuilder>> = {
  add: arithmetic('Add'),
  subtract: arithmetic('Sub'),
  sub: arithmetic('Sub'),
  multiply: arithmetic('Mul'),
  mul: arithmetic('Mul'),
  truediv: arithmetic('Div'),
  divide: arithmetic('Div'),
  maximum: arithmetic('Max'),
  minimum: arithmetic('Min'),
  pow: arithmetic('Pow'),
  negative: unary('Neg'),
  neg: unary('Neg'),
  abs: unary('Abs'),
  sqrt: unary('Sqrt'),
  exp: unary('Exp'),
  square: OPERATION_LAYERS.Square!,
  relu: unary('Relu'),
  sigmoid: unary('Sigmoid'),
  tanh: unary('Tanh'),
  softplus: unary('Softplus'),
  relu6: pointwise((call, x) => call.add('Clip', [x, call.scalar(0), call.scalar(6)])),
  silu: pointwise((call, x) => call.add('Mul', [x, call.add('Sigmoid', [x], {}, 'Sigmoid')])),
};

/** What writes a function of TensorFlow, such as `math.add`, `__operators__.add` or `nn.relu6`; undefined if it is none of these. */
export function functionBuilder(name: unknown): LayerBuilder | undefined {
  if (typeof name !== 'string' || !/^(math|nn|__operators__)\./.test(name)) return undefined;
  const own = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(FUNCTIONS, own) ? FUNCTIONS[own] : undefined;
}
