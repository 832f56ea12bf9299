import { BATCH, type Attribute, type Shape } from '../../graph/graph.ts';
import { elements } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import { fold as foldOnnx } from '../onnx/fold.ts';
import type { Value } from '../onnx/values.ts';
import { transposed } from '../transpose.ts';
import { N } from './batch.ts';
import { Unsupported, type OpCall } from './call.ts';
import { arithmetic, MOST } from './floats.ts';
import { describeNode, flag, ints, number, type, type OpNode } from './node.ts';
import { plainSlices, stridedSlices, type Slices } from './slices.ts';
import { graphType } from './tensors.ts';

type Fold = (call: OpCall, x: Value, ...rest: Value[]) => Value | undefined;

/** The value of a node whose inputs are known: shape arithmetic, and arithmetic on weights. Undefined where it is not known. */
export function fold(call: OpCall): Value | undefined {
  const { node } = call;
  if (Object.hasOwn(OF_SHAPES, node.op)) return OF_SHAPES[node.op]!(shapeOf(call), node);
  const values = call.inputs.map((input) => (input.kind === 'known' ? input.value : undefined));
  const [x, ...rest] = values as Value[];
  if (!x || values.includes(undefined)) return undefined;
  if (Object.hasOwn(FOLDS, node.op)) return FOLDS[node.op]!(call, x, ...rest);
  return arithmetic(node.op, [x, ...rest]);
}

/** The values of `Unpack`, where its input is known: one for each index along an axis. */
export function unpacked({ node, inputs: [input] }: OpCall): readonly Value[] | undefined {
  if (node.op !== 'Unpack' || input?.kind !== 'known') return undefined;
  const { shape } = input.value;
  const axis = fromStart(number(node, 'axis', 0), shape.length);
  const count = shape[axis];
  if (count === undefined || input.value.items.length > MOST) return undefined;
  const parts = Array.from({ length: count }, (_, start) => {
    const ranges = shape.map((size, at) => (at === axis ? { start, end: start + 1 } : { start: 0, end: size }));
    return sliced(input.value, { ranges: ranges.map((range) => ({ ...range, step: 1 })), gone: [axis], added: [] });
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

const vector = (items: readonly number[]): Value => ({ dtype: 'int64', shape: [items.length], items });
const scalar = (item: number): Value => ({ dtype: 'int64', shape: [], items: [item] });

function shapeOf(call: OpCall): readonly number[] {
  const input = call.input(0);
  if (input.kind === 'known') return input.value.shape;
  return call.fileShape(call.materialise(input)).map((size) => (size === BATCH ? N : size));
}

const OF_SHAPES: Readonly<Record<string, (shape: readonly number[], node: OpNode) => Value | undefined>> = {
  Shape: vector,
  Rank: (shape) => scalar(shape.length),
  Size: (shape) => scalar(elements(shape)),
};

const onnx = (op: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}) =>
  foldOnnx({ op, attributes, inputs, shape: inputs[0]!.shape });

const fromStart = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** The axes in a list of numbers, or all. */
function axesIn(value: Value | undefined, rank: number): number[] {
  return value ? Array.from(value.items as ArrayLike<number>, (axis) => fromStart(axis, rank)) : [];
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Reshape(call, x, sizes) {
    const items = Array.from((sizes?.items ?? []) as ArrayLike<number>);
    const known = items.reduce((n, size) => (size === -1 ? n : n * size), 1);
    const total = x.items.length;
    const shape = items.map((size) => (size === -1 ? total / known : size));
    if (elements(shape) !== total)
      throw damaged(`${describeNode(call.node)} brings ${total} values to [${items.join(', ')}]; the file is damaged`);
    return { ...x, shape };
  },
  Squeeze(call, x) {
    const axes = (ints(call.node, 'squeeze_dims') ?? []).map((axis) => fromStart(axis, x.shape.length));
    return { ...x, shape: x.shape.filter((size, axis) => (axes.length ? !axes.includes(axis) : size !== 1)) };
  },
  ExpandDims(call, x) {
    const axis = fromStart(call.number(1), x.shape.length + 1);
    return { ...x, shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)] };
  },
  Transpose(call, x, perm) {
    const axes = axesIn(perm, x.shape.length);
    if ([...axes].sort((a, b) => a - b).some((axis, i) => axis !== i) || axes.length !== x.shape.length)
      throw damaged(`${describeNode(call.node)} has the order [${axes.join(', ')}] of axes; the file is damaged`);
    const items =
      x.items instanceof Float32Array ? new Float32Array(x.items.length) : new Array<number>(x.items.length);
    transposed(x.items as ArrayLike<number>, x.shape, axes, items as number[]);
    return { ...x, shape: axes.map((axis) => x.shape[axis]!), items };
  },
  Pack(call, ...parts) {
    const rank = parts[0]!.shape.length;
    if (fromStart(number(call.node, 'axis', 0), rank + 1) !== 0 || !allAlike(parts)) return undefined;
    return { ...parts[0]!, shape: [parts.length, ...parts[0]!.shape], items: parts.flatMap(list) };
  },
  ConcatV2(_, ...inputs) {
    const parts = inputs.slice(0, -1);
    const axis = axesIn(inputs.at(-1), parts[0]?.shape.length ?? 0)[0];
    return axis === 0 && parts.every((part) => part.shape.length === 1) ? joined(parts) : undefined;
  },
  GatherV2: (_, x, indices) => indices && onnx('Gather', [x, indices]),
  Gather: (_, x, indices) => indices && onnx('Gather', [x, indices]),
  StridedSlice: (call, x) => sliced(x, stridedSlices(call, x.shape)),
  Slice: (call, x) => sliced(x, plainSlices(call, x.shape)),
  Cast(call, x) {
    const dtype = graphType(type(call.node, 'DstT'));
    if (!dtype || dtype === x.dtype) return dtype && x;
    if (x.items.length > MOST) return undefined;
    const whole = dtype === 'int64' || dtype === 'int32';
    const items = list(x).map((item) => (dtype === 'bool' ? Number(item !== 0) : whole ? Math.trunc(item) : item));
    return { dtype, shape: x.shape, items };
  },
  Range: (_, ...bounds) => onnx('Range', bounds),
  Fill(_, sizes, value) {
    const shape = list(sizes);
    return filled(shape, value!);
  },
  ZerosLike: (_, x) => filled(x.shape, { ...x, items: [0] }),
  OnesLike: (_, x) => filled(x.shape, { ...x, items: [1] }),
  Prod: reduced((a, b) => a * b),
  Sum: reduced((a, b) => a + b),
  Max: reduced(Math.max),
  Min: reduced(Math.min),
  All: reduced((a, b) => Number(a && b)),
  Any: reduced((a, b) => Number(a || b)),
};

const list = (value: Value): readonly number[] => Array.from(value.items as ArrayLike<number>);

const allAlike = (parts: readonly Value[]) =>
  parts.every(({ shape, items }) => String(shape) === String(parts[0]!.shape) && items.length <= MOST);

const joined = (parts: readonly Value[]): Value => {
  const items = parts.flatMap(list);
  return { ...parts[0]!, shape: [items.length], items };
};

function filled(shape: Shape, value: Value): Value | undefined {
  const count = elements(shape);
  if (!(count >= 0 && count <= MOST)) return undefined;
  return { dtype: value.dtype, shape, items: new Array<number>(count).fill(Number(value.items[0])) };
}

/** A reduction of a list to one number. */
function reduced(combine: (a: number, b: number) => number): Fold {
  return ({ node }, x) => {
    const items = list(x);
    if (items.length === 0 || x.shape.length !== 1) return undefined;
    const keep = flag(node, 'keep_dims') || flag(node, 'keepdims');
    return { ...x, shape: keep ? [1] : [], items: [items.reduce((a, b) => combine(a, b))] };
  };
}

function sliced(x: Value, { ranges, gone, added }: Slices): Value | undefined {
  const numbers = (pick: (range: Slices['ranges'][number]) => number) => vector(ranges.map(pick));
  const part = onnx('Slice', [
    x,
    numbers(({ start }) => start),
    numbers(({ end }) => end),
    vector(ranges.map((_, axis) => axis)),
    numbers(({ step }) => step),
  ]);
  if (!part) throw new Unsupported('a slice of many values');
  const shape = part.shape.filter((_, axis) => !gone.includes(axis));
  for (const axis of added) shape.splice(axis, 0, 1);
  if (elements(shape) !== part.items.length) throw damaged('a slice beyond its tensor; the file is damaged');
  return { ...part, shape };
}
