import { broadcast } from '../../graph/operators/common.ts';
import { elements, type DType } from '../../graph/tensor.ts';
import { isNumber, PerImage, type Item, type Value } from './values.ts';

/** Undefined: not known without the batch size. */
type Result = Item | undefined;
type Numbers = (a: number, b: number, dtype: DType) => number;

/** Arithmetic with multiples of the batch size; `open` says what becomes of how many each image has, where both are some. */
const arithmetic =
  (compute: Numbers, open: (a: Item, b: Item) => Result) =>
  (dtype: DType, a: Item, b: Item): Result =>
    isNumber(a) && isNumber(b) ? compute(a, b, dtype) : open(a, b);

/** A multiple of the batch size, where it is one. */
const perImage = (each: number): Result => {
  if (each === 0) return 0;
  return Number.isInteger(each) && each > 0 ? new PerImage(each) : undefined;
};

/** Sums of multiples, or of a multiple and nothing. */
const summed =
  (compute: Numbers) =>
  (a: Item, b: Item): Result => {
    if (b === 0) return a;
    const [x, y] = [a, b].map((item) => (isNumber(item) ? item && NaN : item.each));
    return perImage(compute(x!, y!, 'int64'));
  };

const product = (a: Item, b: Item): Result => {
  if (!isNumber(a)) return isNumber(b) ? perImage(a.each * b) : undefined;
  return isNumber(b) ? undefined : perImage(a * b.each);
};

const quotient = (a: Item, b: Item): Result => {
  if (isNumber(a)) return a === 0 ? 0 : undefined;
  if (isNumber(b)) return perImage(a.each / b);
  return a.each % b.each === 0 ? a.each / b.each : undefined;
};

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;

const remainder = (a: Item, b: Item): Result => (!isNumber(a) && isNumber(b) && a.each % b === 0 ? 0 : undefined);

const plain =
  (compute: (a: number, b: number) => number | boolean) =>
  (_: DType, a: Item, b: Item = 0): Result =>
    isNumber(a) && isNumber(b) ? Number(compute(a, b)) : undefined;

/** How many images there are is never zero, or -1, the mark that exporters look for. */
const equal = (a: Item, b: Item): Result => {
  if (!isNumber(a) && !isNumber(b)) return Number(a.each === b.each);
  const size = isNumber(a) ? a : (b as number);
  return size > 0 ? undefined : 0;
};

/** Operators of one or two values (`Where` of three); each result from the values at one position. */
export const ELEMENTWISE: Readonly<Record<string, (dtype: DType, a: Item, b: Item, c: Item) => Result>> = {
  Add: arithmetic(add, summed(add)),
  Sub: arithmetic(subtract, summed(subtract)),
  Mul: arithmetic((a, b) => a * b, product),
  Div: arithmetic((a, b, dtype) => (dtype === 'float32' ? a / b : b === 0 ? 0 : Math.trunc(a / b)), quotient),
  Mod: arithmetic((a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b)), remainder),
  Pow: plain((a, b) => a ** b),
  Max: plain(Math.max),
  Min: plain(Math.min),
  Equal: arithmetic((a, b) => Number(a === b), equal),
  Greater: plain((a, b) => a > b),
  Less: plain((a, b) => a < b),
  And: plain((a, b) => !!a && !!b),
  Or: plain((a, b) => !!a || !!b),
  Where: (_, mask, yes, no) => (isNumber(mask) ? (mask ? yes : no) : undefined),
  Not: plain((a) => !a),
  Neg: plain((a) => -a),
  Abs: plain(Math.abs),
  Sqrt: plain(Math.sqrt),
  Floor: (_, a) => (isNumber(a) ? Math.floor(a) : a),
  Ceil: (_, a) => (isNumber(a) ? Math.ceil(a) : a),
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
