import { BATCH, type Shape } from '../../../graph/graph.ts';
import { elements } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import { TO_NCHW, TO_NHWC } from '../../keras/tensor.ts';
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
  const x = call.computed();
  const from = call.fileShape(x);
  const items = call.items(1);
  const free = from[0] === BATCH;
  const isBatch = (at: number) =>
    free && at === 0 && (items[0] === 'N' || items[0] === call.state.batch || items[0] === -1);
  const known = items.map((size, at) => (isBatch(at) ? BATCH : size));
  if (known.includes('N') || (free && known[0] !== BATCH)) throw new Unsupported('the batch joins another axis');
  const sizes = known as number[];
  const total = elements(free ? from.slice(1) : from);
  const rest = elements((free ? sizes.slice(1) : sizes).filter((size) => size !== -1));
  const shape = sizes.map((size, at) => (size === -1 && !(free && at === 0) ? total / rest : size));
  const filled = elements(free ? shape.slice(1) : shape);
  if (filled !== total)
    throw free
      ? new Unsupported('the batch joins another axis')
      : damaged(`${describeNode(call.node)} brings ${total} values to [${items.join(', ')}]`);
  return [reshapeTo(call, x, shape)];
};

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
