import { isOpen, type Attribute, type Shape } from '../../graph/graph.ts';
import { elements, type DType } from '../../graph/tensor.ts';
import { reshaped } from '../../graph/operators/layout.ts';
import { transposed } from '../transpose.ts';
import { common, ELEMENTWISE, elementwise, positions } from './elementwise.ts';
import { graphType } from './tensors.ts';
import { isNumber, list, PerImage, type Item, type Value } from './values.ts';

/** What folding sees of a node. */
export interface Foldable {
  readonly op: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly (Value | undefined)[];
  /** The shape of the first input, whether its values are known or not. */
  readonly shape: Shape | undefined;
  /** ConstantOfShape's value. */
  readonly fill?: Value;
}

/** More values than shape arithmetic has: such nodes are left to the engine. */
export const MOST = 65_536;

type Fold = (node: Foldable, x: Value, ...rest: (Value | undefined)[]) => Value | undefined;

/**
 * The value of a node whose inputs are known: the shape arithmetic that exporters write (`Shape`, `Gather`, `Concat` …
 * before a `Reshape`), and weights that are only laid out anew. Undefined where it is not known.
 */
export function fold(node: Foldable): Value | undefined {
  if (node.op === 'Shape') return node.shape && shapeValue(node.shape, node);
  if (node.op === 'Size') return node.shape && { dtype: 'int64', shape: [], items: [sized(elements(node.shape))] };
  const [x, ...rest] = node.inputs;
  if (!x || rest.some((value) => !value)) return undefined;
  if (node.op in ELEMENTWISE) {
    if ([x, ...rest].some((value) => value!.items.length > MOST)) return undefined;
    return elementwise(node.op, [x, ...rest] as Value[]);
  }
  return Object.hasOwn(FOLDS, node.op) ? FOLDS[node.op]!(node, x, ...rest) : undefined;
}

const attribute = (node: Foldable, name: string, fallback: number): number => {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
};

const sized = (size: number): Item => (isOpen(size) ? new PerImage(-size) : size);

function shapeValue(shape: Shape, node: Foldable): Value {
  const items = shape.map(sized);
  const part = items.slice(attribute(node, 'start', 0), attribute(node, 'end', items.length));
  return vector(part, 'int64');
}

const vector = (items: readonly Item[], dtype: DType): Value => ({ dtype, shape: [items.length], items });

/** Plain numbers; undefined where the batch size is among them. */
function known(value: Value | undefined): number[] | undefined {
  const items = list(value);
  return items?.every(isNumber) ? [...items] : undefined;
}

const fromStart = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

const FOLDS: Readonly<Record<string, Fold>> = {
  Reshape(node, x, target) {
    const sizes = known(target);
    return sizes && { ...x, shape: reshaped(x.shape, sizes, attribute(node, 'allowzero', 0) === 1) };
  },
  Flatten(node, x) {
    const axis = fromStart(attribute(node, 'axis', 1), x.shape.length);
    return { ...x, shape: [elements(x.shape.slice(0, axis)), elements(x.shape.slice(axis))] };
  },
  Squeeze(_, x, axes) {
    const gone = known(axes)?.map((axis) => fromStart(axis, x.shape.length));
    return { ...x, shape: x.shape.filter((size, axis) => (gone ? !gone.includes(axis) : size !== 1)) };
  },
  Unsqueeze(_, x, axes) {
    const rank = x.shape.length + (axes?.items.length ?? 0);
    const added = new Set(known(axes)?.map((axis) => fromStart(axis, rank)));
    const sizes = [...x.shape];
    const shape = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : sizes.shift()!));
    return elements(shape) === elements(x.shape) ? { ...x, shape } : undefined;
  },
  Transpose(node, x) {
    const perm = (node.attributes.perm as number[] | undefined) ?? x.shape.map((_, axis) => axis).reverse();
    if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== x.shape.length)
      return undefined;
    const items = x.items instanceof Float32Array ? new Float32Array(x.items.length) : new Array<Item>(x.items.length);
    transposed<Item>(x.items, x.shape, perm, items);
    return { ...x, shape: perm.map((axis) => x.shape[axis]!), items };
  },
  Cast(node, x) {
    const dtype = graphType(attribute(node, 'to', 0));
    if (!dtype || x.items.length > MOST) return undefined;
    const whole = dtype === 'int64' || dtype === 'int32';
    return {
      dtype,
      shape: x.shape,
      items: list(x)!.map((item) => (whole && isNumber(item) ? Math.trunc(item) : item)),
    };
  },
  Gather(node, x, indices) {
    const positions = known(indices);
    if (x.shape.length !== 1 || attribute(node, 'axis', 0) > 0 || !positions) return undefined;
    const items = positions.map((at) => x.items[fromStart(at, x.items.length)]!);
    return items.includes(undefined as never) ? undefined : { ...x, shape: indices!.shape, items };
  },
  Concat(node, ...parts) {
    const all = parts as Value[];
    const { shape, dtype } = all[0]!;
    const axis = fromStart(attribute(node, 'axis', 0), shape.length);
    const fits = (part: Value) =>
      part.shape.length === shape.length && part.shape.every((size, i) => i === axis || size === shape[i]);
    if (!all.every((part) => fits(part) && part.items.length <= MOST)) return undefined;
    const outer = elements(shape.slice(0, axis));
    const rows = all.map((part) => ({ items: list(part)!, length: part.items.length / Math.max(outer, 1) }));
    const items = Array.from({ length: outer }, (_, at) =>
      rows.map(({ items: own, length }) => own.slice(at * length, (at + 1) * length)),
    ).flat(2);
    const size = all.reduce((sum, part) => sum + part.shape[axis]!, 0);
    return { dtype, shape: shape.map((own, i) => (i === axis ? size : own)), items };
  },
  Slice(_, x, starts, ends, axes, steps) {
    const [from, to] = [known(starts), known(ends)];
    if (!from || !to || x.items.length > MOST) return undefined;
    const along = known(axes) ?? from.map((_, axis) => axis);
    const strides = known(steps) ?? from.map(() => 1);
    return along.reduce((part, axis, i) => sliced(part, axis, from[i]!, to[i]!, strides[i]!), x);
  },
  Clip(_, x, low, high) {
    const items = known(x);
    const [least, most] = [known(low)?.[0] ?? -Infinity, known(high)?.[0] ?? Infinity];
    return items && items.length <= MOST
      ? { ...x, items: items.map((v) => Math.min(Math.max(v, least), most)) }
      : undefined;
  },
  ReduceProd: reduction((a, b) => a * b),
  ReduceSum: reduction((a, b) => a + b),
  ReduceMax: reduction(Math.max),
  ReduceMin: reduction(Math.min),
  ConstantOfShape(node, x) {
    const shape = known(x);
    const { dtype, items } = node.fill ?? { dtype: 'float32', items: [0] };
    return shape && filled(shape, items[0]!, dtype);
  },
  Expand(_, x, target) {
    const shape = known(target);
    if (!shape) return undefined;
    const whole = common([x, { shape }]);
    if (!whole) return undefined;
    if (x.items.length === 1) return filled(whole, x.items[0]!, x.dtype);
    return elements(whole) > MOST
      ? undefined
      : { dtype: x.dtype, shape: whole, items: positions(x.shape, whole).map((at) => x.items[at]!) };
  },
  /** Slices of the first tensor are replaced: how PyTorch writes to parts of one. */
  ScatterND(_, x, indices, updates) {
    const at = known(indices);
    const depth = indices!.shape.at(-1) ?? 0;
    const from = list(updates)!;
    if (!at || depth > x.shape.length || x.items.length > MOST || at.length > MOST) return undefined;
    const inner = elements(x.shape.slice(depth));
    const items = list(x)!.slice();
    const count = depth === 0 ? 0 : at.length / depth;
    if (from.length !== count * inner) return undefined;
    for (let i = 0; i < count; i++) {
      let position = 0;
      for (let k = 0; k < depth; k++) {
        const index = fromStart(at[i * depth + k]!, x.shape[k]!);
        if (!(index >= 0 && index < x.shape[k]!)) return undefined;
        position = position * x.shape[k]! + index;
      }
      for (let k = 0; k < inner; k++) items[position * inner + k] = from[i * inner + k]!;
    }
    return { ...x, items };
  },
  /** Along a new last axis. */
  OneHot(node, indices, depth, values) {
    const [at, [size] = [], pair] = [known(indices), known(depth), list(values)];
    if (!at || !size || pair?.length !== 2 || attribute(node, 'axis', -1) !== -1 || at.length * size > MOST)
      return undefined;
    const items = at.flatMap((hot) =>
      Array.from({ length: size }, (_, i) => pair[Number(i === fromStart(hot, size))]!),
    );
    return { dtype: values!.dtype, shape: [...indices.shape, size], items };
  },
  Range(_, start, limit, delta) {
    const [a, b, step] = [known(start)?.[0], known(limit)?.[0], known(delta)?.[0]];
    if (a === undefined || b === undefined || !step) return undefined;
    const count = Math.max(0, Math.ceil((b - a) / step));
    return count > MOST
      ? undefined
      : vector(
          Array.from({ length: count }, (_, i) => a + i * step),
          start.dtype,
        );
  },
};

function filled(shape: readonly number[], item: Item, dtype: DType): Value | undefined {
  const count = elements(shape);
  return count >= 0 && count <= MOST ? { dtype, shape, items: new Array<Item>(count).fill(item) } : undefined;
}

/** A reduction of all values: along the one axis that lists of sizes have. */
function reduction(combine: (a: number, b: number) => number): Fold {
  return (node, x) => {
    const items = known(x);
    if (!items?.length || x.shape.length !== 1) return undefined;
    const shape = attribute(node, 'keepdims', 1) === 1 ? [1] : [];
    return { ...x, shape, items: [items.reduce((a, b) => combine(a, b))] };
  };
}

/** Positions `start`, `start` + `step` … before `end` along one axis; counted from the end where negative, clamped. */
function sliced(x: Value, given: number, start: number, end: number, step: number): Value {
  const axis = fromStart(given, x.shape.length);
  const size = x.shape[axis] ?? 1;
  const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const [first, last] =
    step > 0 ? [clamp(start, 0, size), clamp(end, 0, size)] : [clamp(start, 0, size - 1), clamp(end, -1, size - 1)];
  const positions: number[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step || size) positions.push(at);
  const inner = elements(x.shape.slice(axis + 1));
  const items: Item[] = [];
  for (let outer = 0; outer < x.items.length; outer += size * inner)
    for (const at of positions) for (let i = 0; i < inner; i++) items.push(x.items[outer + at * inner + i]!);
  return { ...x, shape: x.shape.map((own, i) => (i === axis ? positions.length : own)), items };
}
