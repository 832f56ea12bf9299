import { BATCH } from '../../../graph/graph.ts';
import type { Network } from '../aten/network.ts';
import { TensorRef } from '../aten/values.ts';
import { NotReadable, type ScriptValue } from './values.ts';

type Builtin = (args: readonly ScriptValue[], network: Network) => ScriptValue;

const isNumber = (value: ScriptValue | undefined): value is number => typeof value === 'number';

/** Of two numbers neither of which is the batch, which only runs know. */
const arithmetic =
  (compute: (a: number, b: number) => number | boolean): Builtin =>
  ([a, b]) => {
    const [left, right] = [a, b].map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (!isNumber(left) || !isNumber(right)) throw new NotReadable('arithmetic with something that is no number');
    if (left === BATCH || right === BATCH) throw new NotReadable('arithmetic with the batch size');
    return compute(left, right);
  };

const first: Builtin = ([value]) => value ?? null;

function listOf(value: ScriptValue | undefined): ScriptValue[] {
  if (Array.isArray(value)) return value;
  throw new NotReadable('a list was expected');
}

export function truth(value: ScriptValue | undefined): boolean {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return Boolean(value);
  throw new NotReadable('a condition that depends on the image');
}

function shapeOf(value: ScriptValue | undefined, network: Network): number[] {
  const shape = value instanceof TensorRef ? network.draft.shapes.get(value.name) : undefined;
  if (shape) return [...shape];
  throw new NotReadable('the size of something whose size is not known');
}

function item(list: ScriptValue | undefined, index: ScriptValue | undefined): ScriptValue {
  const value = isNumber(index) ? listOf(list).at(index) : undefined;
  if (value === undefined) throw new NotReadable('a place in a list that it does not have');
  return value;
}

const identical = (a: ScriptValue | undefined, b: ScriptValue | undefined): boolean =>
  a instanceof TensorRef && b instanceof TensorRef ? a.name === b.name : a === b;

/** More turns than this are no network's. */
const MOST_TURNS = 10_000;

function range([from, to, step]: readonly ScriptValue[]): number[] {
  const [start, end, by] = [isNumber(to) ? from : 0, isNumber(to) ? to : from, step ?? 1];
  if (!isNumber(start) || !isNumber(end) || !isNumber(by) || by === 0) throw new NotReadable('a loop without an end');
  const count = Math.max(0, Math.ceil((end - start) / by));
  if (count > MOST_TURNS) throw new NotReadable(`a loop of ${count} turns`);
  return Array.from({ length: count }, (_, i) => start + i * by);
}

/** Functions of the language that are computed at once, where their arguments are known. */
export const BUILTINS: Readonly<Record<string, Builtin>> = {
  annotate: ([, value]) => value ?? null,
  unchecked_cast: ([, value]) => value ?? null,
  uninitialized: () => null,
  int: first,
  float: ([value]) => (typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : (value ?? null)),
  bool: ([value]) => truth(value),
  range,
  'torch.len': ([list]) => (typeof list === 'string' ? list.length : listOf(list).length),
  'torch.dim': ([x], network) => shapeOf(x, network).length,
  'torch.numel': ([x], network) =>
    shapeOf(x, network).reduce((n, size) => arithmetic((a, b) => a * b)([n, size], network) as number, 1),
  'torch.size': ([x, axis], network) => (isNumber(axis) ? item(shapeOf(x, network), axis) : shapeOf(x, network)),
  'torch.append': ([list, value]) => {
    listOf(list).push(value ?? null);
    return null;
  },
  'torch.list': ([list]) => [...listOf(list)],
  'torch.__getitem__': ([list, index]) => item(list, index),
  'torch.__is__': ([a, b]) => identical(a, b),
  'torch.__isnot__': ([a, b]) => !identical(a, b),
  'torch.__contains__': ([list, value]) => listOf(list).some((one) => same(one, value)),
  'torch.is_grad_enabled': () => false,
  'torch.is_autocast_enabled': () => false,
  'torch.__not__': ([a]) => !truth(a),
  'torch._assert': ([holds]) => {
    if (holds === false) throw new NotReadable('a check in its code that does not hold');
    return null;
  },
  'torch.format': () => '',
  'torch.warn': () => null,
  'ops.prim.NumToTensor': first,
  'ops.prim.data': first,
  'ops.prim.RaiseException': () => {
    throw new NotReadable('its code ends in an exception');
  },
  'ops.prim.unchecked_unwrap_optional': first,
  'ops.prim.dtype': () => null,
  'ops.prim.device': () => null,
  'ops.prim.type': () => 'cpu',
  'ops.prim.layout': () => null,
  'ops.prim.requires_grad': () => false,
  ...Object.fromEntries(
    ['is_cuda', 'is_nested', 'is_sparse', 'is_quantized', 'is_mkldnn'].map((name) => [`ops.prim.${name}`, () => false]),
  ),
  'ops.prim.min': ([list]) => Math.min(...listOf(list).filter(isNumber)),
  'ops.prim.max': ([list]) => Math.max(...listOf(list).filter(isNumber)),
};

const COMPARE: Readonly<Record<string, Builtin>> = {
  'torch.add': arithmetic((a, b) => a + b),
  'torch.sub': arithmetic((a, b) => a - b),
  'torch.mul': arithmetic((a, b) => a * b),
  'torch.div': arithmetic((a, b) => a / b),
  'torch.floordiv': arithmetic((a, b) => Math.floor(a / b)),
  'torch.floor_divide': arithmetic((a, b) => Math.floor(a / b)),
  'torch.remainder': arithmetic((a, b) => ((a % b) + b) % b),
  'torch.pow': arithmetic((a, b) => a ** b),
  'torch.lt': arithmetic((a, b) => a < b),
  'torch.le': arithmetic((a, b) => a <= b),
  'torch.gt': arithmetic((a, b) => a > b),
  'torch.ge': arithmetic((a, b) => a >= b),
  'torch.neg': ([a], network) => arithmetic((x, y) => y - x)([a ?? null, 0], network),
};

/** Whether two values that are no tensors are the same; lists by their items. */
const same = (a: ScriptValue | undefined, b: ScriptValue | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((value, i) => same(value, b[i])) : a === b;

/** A part of a list: from, to before, every so many. */
function sliceOf(list: readonly ScriptValue[], [from, to, step]: readonly ScriptValue[]): ScriptValue[] {
  const [start, end] = [isNumber(from) ? from : 0, isNumber(to) ? to : list.length];
  const by = isNumber(step) && step > 0 ? step : 1;
  return list.slice(start, end).filter((_, i) => i % by === 0);
}

/** Functions of PyTorch that are arithmetic where no argument is a tensor. */
export function ofNumbers(name: string, args: readonly ScriptValue[], network: Network): ScriptValue | undefined {
  if (args.some((value) => value instanceof TensorRef)) return undefined;
  if (name === 'torch.slice' && Array.isArray(args[0])) return sliceOf(args[0], args.slice(1));
  if (name === 'torch.all' && Array.isArray(args[0])) return args[0].every(truth);
  if (name === 'torch.any' && Array.isArray(args[0])) return args[0].some(truth);
  if (name === 'torch.eq') return same(args[0], args[1]);
  if (name === 'torch.ne') return !same(args[0], args[1]);
  if (name === 'torch.add' && args.some((value) => typeof value === 'string')) return args.join('');
  if (name === 'torch.add' && args.slice(0, 2).every(Array.isArray)) return args.slice(0, 2).flat() as ScriptValue[];
  return Object.hasOwn(COMPARE, name) &&
    args.slice(0, 2).every((value) => isNumber(value) || typeof value === 'boolean')
    ? COMPARE[name]!(args, network)
    : undefined;
}
