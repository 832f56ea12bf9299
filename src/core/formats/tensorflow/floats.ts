import { broadcast } from '../../graph/operators/common.ts';
import { elements } from '../../graph/tensor.ts';
import { ELEMENTWISE, elementwise } from '../onnx/elementwise.ts';
import type { Value } from '../onnx/values.ts';

/** More values than shape arithmetic has. */
export const MOST = 65_536;

/** More values than arithmetic on weights makes of fewer. */
const MOST_WEIGHTS = 2 ** 20;

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  Rsqrt: (x) => 1 / Math.sqrt(x),
  Sqrt: Math.sqrt,
  Square: (x) => x * x,
  Exp: Math.exp,
  Log: Math.log,
  Neg: (x) => -x,
  Abs: Math.abs,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  BiasAdd: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
  Pow: (a, b) => a ** b,
};

/** TensorFlow's operators on whole numbers, by ONNX's name. */
const WHOLE: Readonly<Record<string, string>> = {
  AddV2: 'Add',
  FloorDiv: 'Div',
  RealDiv: 'Div',
  FloorMod: 'Mod',
  Maximum: 'Max',
  Minimum: 'Min',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalNot: 'Not',
  Select: 'Where',
  SelectV2: 'Where',
};

/** An operator that works on each value, of known inputs; undefined where it is another one, or can't be known. */
export function arithmetic(op: string, inputs: readonly Value[]): Value | undefined {
  const [a, b] = inputs;
  if (inputs.every(({ dtype }) => dtype === 'float32')) {
    if (inputs.length === 1 && Object.hasOwn(UNARY, op))
      return { ...a!, items: Float32Array.from(a!.items as number[], UNARY[op]) };
    if (inputs.length === 2 && Object.hasOwn(BINARY, op)) return spread(BINARY[op]!, a!, b!);
  }
  const whole = Object.hasOwn(WHOLE, op) ? WHOLE[op]! : op;
  if (!Object.hasOwn(ELEMENTWISE, whole) || inputs.some(({ items }) => items.length > MOST)) return undefined;
  if (elements(broadcast(...inputs.map(({ shape }) => shape))) > MOST) return undefined;
  return elementwise(whole, inputs);
}

/** Two arrays broadcast against each other, computed in single precision. */
function spread(compute: (a: number, b: number) => number, a: Value, b: Value): Value | undefined {
  const shape = broadcast(a.shape, b.shape);
  const count = elements(shape);
  if (count > Math.max(MOST_WEIGHTS, elements(a.shape), elements(b.shape))) return undefined;
  const [stepsA, stepsB] = [steps(a.shape, shape), steps(b.shape, shape)];
  const [x, y] = [a.items as ArrayLike<number>, b.items as ArrayLike<number>];
  const items = new Float32Array(count);
  const position = shape.map(() => 0);
  let [atA, atB] = [0, 0];
  for (let i = 0; i < count; i++) {
    items[i] = compute(x[atA]!, y[atB]!);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      atA += stepsA[axis]!;
      atB += stepsB[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      atA -= stepsA[axis]! * shape[axis]!;
      atB -= stepsB[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return { dtype: 'float32', shape, items };
}

/** How far the next value along each axis of `to` is; 0 where the tensor has one for all. */
function steps(from: readonly number[], to: readonly number[]): number[] {
  const offset = to.length - from.length;
  return to.map((_, axis) => {
    if (axis < offset || from[axis - offset] === 1) return 0;
    return elements(from.slice(axis - offset + 1));
  });
}
