import { BATCH, type Shape } from '../../../graph/graph.ts';
import { elements } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import { TO_NCHW, TO_NHWC } from '../../keras/tensor.ts';
import { hasBatch, N } from '../batch.ts';
import { target, Unsupported, type OpCall } from '../call.ts';
import { describeNode, ints } from '../node.ts';
import { computed, type Computed } from '../result.ts';
import type { OpTable, OpWriter } from './operator.ts';

/** Whether the values of an image are in the same order in N×C×H×W and in N×H×W×C. */
const sameOrder = ([, c, h, w]: Shape) => c === 1 || (h === 1 && w === 1);

/** The values in a new shape of TensorFlow's: a transposition only where it changes something. */
export function reshapeTo(call: OpCall, input: Computed, shape: Shape): Computed {
  const image = shape.length === 4 && call.state.channelsLast;
  const asImage = TO_NCHW.map((axis) => shape[axis]!);
  if (image && String(asImage) === String(call.shape(input)) && (input.channelsLast || sameOrder(asImage)))
    return computed(input.tensor, true);
  if (!input.channelsLast && String(shape) === String(call.shape(input))) return input;
  const from = input.channelsLast && !sameOrder(call.shape(input)) ? call.plain(input).tensor : input.tensor;
  if (image && sameOrder(asImage)) return computed(call.add('Reshape', [from, call.ints(target(asImage))]), true);
  const tensor = call.add('Reshape', [from, call.ints(target(shape))]);
  // Features that become an image are one from here on; what splits an image is often joined again soon.
  return image && call.shape(input).length === 2 ? call.toImage(tensor) : computed(tensor, false);
}

const reshape: OpWriter = (call) => {
  const input = call.input(0);
  const x = input.kind === 'computed' ? apart(input) : call.computed();
  const from = call.fileShape(x);
  const items = call.items(1);
  const total = elements(from.slice(1));
  if (from[0] !== BATCH) return [reshapeTo(call, x, withSizes(call, items, from))];
  const [first, ...rest] = items;
  const open = rest.indexOf(-1);
  const known = elements(rest.filter((size) => size !== -1));
  const batch = first === -1 || first === N || first === call.state.batch;
  if (!rest.some(hasBatch)) {
    if (batch && open >= 0)
      return [reshapeTo(call, x, [BATCH, ...rest.map((size) => (size === -1 ? total / known : size))])];
    if (batch && known === total) return [reshapeTo(call, x, [BATCH, ...rest])];
    const joined = (first === -1 && total % known === 0) || first === (total / known) * N;
    if (joined && rest.length === 1 && rest[0] === from.at(-1)) return [{ ...x, rows: true }];
  }
  throw new Unsupported('the batch joins other axes');
};

/** The same tensor where it is not one of rows. */
const apart = ({ tensor, channelsLast }: Computed): Computed => computed(tensor, channelsLast);

/** The sizes of a `Reshape`, −1 filled in. */
function withSizes(call: OpCall, items: readonly number[], from: Shape): Shape {
  const total = elements(from);
  const known = elements(items.filter((size) => size !== -1));
  const sizes = items.map((size) => (size === -1 ? total / known : size));
  if (elements(sizes) !== total)
    throw damaged(`${describeNode(call.node)} brings ${total} values to [${items.join(', ')}]; the file is damaged`);
  return sizes;
}

const squeeze: OpWriter = (call) => {
  const x = call.computed();
  const shape = call.fileShape(x);
  const axes = (ints(call.node, 'squeeze_dims') ?? []).map((axis) => (axis < 0 ? axis + shape.length : axis));
  const gone = (size: number, axis: number) => (axes.length ? axes.includes(axis) : size === 1);
  if (shape.some((size, axis) => gone(size, axis) && size !== 1))
    throw new Unsupported('an axis goes that is not of size 1');
  return [
    reshapeTo(
      call,
      x,
      shape.filter((size, axis) => !gone(size, axis)),
    ),
  ];
};

const expandDims: OpWriter = (call) => {
  const x = call.computed();
  const shape = call.fileShape(x);
  const given = call.number(1);
  const axis = given < 0 ? given + shape.length + 1 : given;
  if (axis === 0 && shape[0] === BATCH) throw new Unsupported('an axis before the batch');
  return [reshapeTo(call, x, [...shape.slice(0, axis), 1, ...shape.slice(axis)])];
};

const transpose: OpWriter = (call) => {
  const x = call.computed();
  const perm = call.numbers(1);
  const order = String(perm);
  if (order === String(perm.map((_, axis) => axis))) return [x];
  if (x.channelsLast && order === String(TO_NCHW)) return [computed(x.tensor, false)];
  if (!x.channelsLast && order === String(TO_NHWC)) return [computed(x.tensor, true)];
  if (x.channelsLast && perm[3] === 3 && perm[0] === 0) {
    const image = TO_NCHW.map((axis) => TO_NHWC[perm[axis]!]!);
    return [computed(call.add('Transpose', [x.tensor], { perm: image }), true)];
  }
  const axes = x.channelsLast ? perm.map((axis) => TO_NHWC[axis]!) : perm;
  return [computed(call.add('Transpose', [x.tensor], { perm: axes }), false)];
};

const flatten: OpWriter = (call) => {
  const x = call.computed();
  const [n, ...rest] = call.fileShape(x);
  return [reshapeTo(call, x, [n!, elements(rest)])];
};

export const SHAPE_OPS: OpTable = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Transpose: transpose,
  Flatten: flatten,
};
