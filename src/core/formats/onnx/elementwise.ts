import { broadcast } from '../../graph/operators/common.ts';
import { elements, type DType } from '../../graph/tensor.ts';
import type { Item, Value } from './values.ts';

/** Undefined: not known without the batch size. */
type Result = Item | undefined;

/** Arithmetic in which the batch size stays what it is beside a neutral element. */
const neutral =
  (compute: (a: number, b: number, dtype: DType) => number, right: number, left?: number) =>
  (dtype: DType, a: Item, b: Item): Result => {
    if (a !== 'N' && b !== 'N') return compute(a, b, dtype);
    if (a === 'N' && b === right) return 'N';
    return b === 'N' && a === left ? 'N' : undefined;
  };

const plain =
  (compute: (a: number, b: number) => number | boolean) =>
  (_: DType, a: Item, b: Item = 0): Result =>
    a === 'N' || b === 'N' ? undefined : Number(compute(a, b));

/** Operators of one or two values (`Where` of three); each result from the values at one position. */
export const ELEMENTWISE: Readonly<Record<string, (dtype: DType, a: Item, b: Item, c: Item) => Result>> = {
  Add: neutral((a, b) => a + b, 0, 0),
  Sub: neutral((a, b) => a - b, 0),
  Mul: neutral((a, b) => a * b, 1, 1),
  Div: neutral((a, b, dtype) => (dtype === 'float32' ? a / b : b === 0 ? 0 : Math.trunc(a / b)), 1),
  Mod: plain((a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b))),
  Pow: plain((a, b) => a ** b),
  Max: plain(Math.max),
  Min: plain(Math.min),
  // The batch size is never -1, the mark that exporters look for.
  Equal: (_, a, b) => (a === 'N' || b === 'N' ? (a === b ? 1 : a === -1 || b === -1 ? 0 : undefined) : Number(a === b)),
  Greater: plain((a, b) => a > b),
  Less: plain((a, b) => a < b),
  And: plain((a, b) => !!a && !!b),
  Or: plain((a, b) => !!a || !!b),
  Where: (_, mask, yes, no) => (mask === 'N' ? undefined : mask ? yes : no),
  Not: plain((a) => !a),
  Neg: plain((a) => -a),
  Abs: plain(Math.abs),
  Sqrt: plain(Math.sqrt),
  Floor: (_, a) => (a === 'N' ? a : Math.floor(a)),
  Ceil: (_, a) => (a === 'N' ? a : Math.ceil(a)),
};

const PREDICATES = new Set(['Equal', 'Greater', 'Less', 'And', 'Or', 'Not']);

/** One of `ELEMENTWISE` on values broadcast against each other. */
export function elementwise(op: string, inputs: readonly Value[]): Value | undefined {
  const shape = common(inputs);
  if (!shape) return undefined;
  const at = inputs.map((input) => positions(input.shape, shape));
  const operand = inputs[op === 'Where' ? 1 : 0]!.dtype;
  const known = inputs.map((input) => input.items);
  const items: Item[] = [];
  for (let i = 0; i < elements(shape); i++) {
    const [a, b, c] = known.map((own, n) => own[at[n]![i]!]!);
    const item = ELEMENTWISE[op]!(operand, a!, b!, c!);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return { dtype: PREDICATES.has(op) ? 'bool' : operand, shape, items };
}

/** The shape of values broadcast against each other; undefined where they don't fit: the node's own message says so. */
export function common(inputs: readonly Pick<Value, 'shape'>[]): readonly number[] | undefined {
  try {
    return broadcast(...inputs.map((input) => input.shape));
  } catch {
    return undefined;
  }
}

/** For each position of the shape `to` that `from` is broadcast to, where its value is. */
export function positions(from: readonly number[], to: readonly number[]): number[] {
  const offset = to.length - from.length;
  let result = [0];
  to.forEach((size, axis) => {
    const own = axis < offset ? 1 : from[axis - offset]!;
    result = result.flatMap((base) => Array.from({ length: size }, (_, i) => base * own + (own === 1 ? 0 : i)));
  });
  return result;
}
