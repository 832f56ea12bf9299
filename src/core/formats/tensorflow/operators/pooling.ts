import { TO_NHWC } from '../../keras/tensor.ts';
import type { OpCall } from '../call.ts';
import { flag } from '../node.ts';
import { computed } from '../result.ts';
import { pads, spatial } from './convolution.ts';
import type { OpTable, OpWriter } from './operator.ts';

const pooling =
  (op: string): OpWriter =>
  (call) => {
    const image = call.image();
    const kernel = spatial(call, 'ksize');
    const strides = spatial(call, 'strides');
    const attributes = { kernel_shape: kernel, strides, pads: pads(call, call.shape(image).slice(2), kernel, strides) };
    return [computed(call.add(op, [image.tensor], attributes), image.channelsLast)];
  };

const GLOBAL: Readonly<Record<string, string>> = { ReduceMean: 'GlobalAveragePool', ReduceMax: 'GlobalMaxPool' };

/** A reduction along axes; over height and width of an image as its global pooling. */
const reduction =
  (op: string): OpWriter =>
  (call) => {
    const x = call.computed();
    const rank = call.shape(x).length;
    const given = call.value(1)?.shape.length === 0 ? [call.number(1)] : call.numbers(1);
    const axes = given.map((axis) => call.axis(axis, x)).sort((a, b) => a - b);
    const keep = flag(call.node, 'keep_dims') || flag(call.node, 'keepdims');
    if (Object.hasOwn(GLOBAL, op) && rank === 4 && String(axes) === '2,3') return [globalPooling(call, op, keep)];
    if (keep || !x.channelsLast)
      return [computed(call.add(op, [x.tensor, call.ints(axes)], { keepdims: keep ? 1 : 0 }), x.channelsLast && keep)];
    return [inOrder(call, call.add(op, [x.tensor, call.ints(axes)], { keepdims: 0 }, ''), axes)];
  };

/** The axes that are left of N×C×H×W, in TensorFlow's order. */
function inOrder(call: OpCall, tensor: string, gone: readonly number[]) {
  const left = [0, 1, 2, 3].filter((axis) => !gone.includes(axis));
  const wanted = TO_NHWC.filter((axis) => !gone.includes(axis));
  const perm = wanted.map((axis) => left.indexOf(axis));
  if (perm.every((axis, i) => axis === i)) return computed(tensor, false);
  return computed(call.add('Transpose', [tensor], { perm }, 'order'), false);
}

/** The layer shows N×C×1×1, as that of other formats does; what follows takes N×C. */
function globalPooling(call: OpCall, op: string, keep: boolean) {
  const x = call.computed();
  const output = call.add(GLOBAL[op]!, [x.tensor]);
  if (keep) return computed(output, x.channelsLast);
  return computed(call.add('Flatten', [output], { axis: 1 }, 'Flatten'), false);
}

export const POOLING_OPS: OpTable = {
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
};
