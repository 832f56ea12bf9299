import { BATCH } from '../../../graph/graph.ts';
import { writeAtan2 } from '../../atan2.ts';
import { hasBatch } from '../batch.ts';
import { Unsupported, type OpCall } from '../call.ts';
import { type as typeOf } from '../node.ts';
import { computed } from '../result.ts';
import { graphType } from '../tensors.ts';
import { CAST_TO, dtypeOf } from '../types.ts';
import { aligned } from './elementwise.ts';
import type { OpTable, OpWriter } from './operator.ts';

const isWhole = (call: OpCall, tensor: string): boolean => dtypeOf(call.state.draft, tensor).startsWith('int');

/** To floating point, to truths, or towards zero to whole numbers, which are of 64 bits here. */
const cast: OpWriter = (call) => {
  const x = call.computed();
  const to = graphType(typeOf(call.node, 'DstT'));
  if (!to) throw new Unsupported('no type of the graph');
  const wide = to === 'int32' ? 'int64' : to;
  if (dtypeOf(call.state.draft, x.tensor) === wide) return [x];
  return [computed(call.add('Cast', [x.tensor], { to: CAST_TO[wide] }), x.channelsLast)];
};

/** ⌊a / b⌋, and what is left: of whole numbers too, which floating point holds up to 2²⁴. */
const floorDivision =
  (rest: boolean): OpWriter =>
  (call) => {
    const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
    const whole = tensors.every((tensor) => isWhole(call, tensor));
    const [a, b] = tensors.map((tensor) =>
      isWhole(call, tensor) ? call.add('Cast', [tensor], { to: CAST_TO.float32 }, 'float') : tensor,
    ) as [string, string];
    const last = (op: string, inputs: readonly string[]) => call.add(op, inputs, {}, whole ? op : '');
    const quotient = call.add('Div', [a, b], {}, 'quotient');
    const value = rest
      ? last('Sub', [a, call.add('Mul', [call.add('Floor', [quotient], {}, 'floor'), b], {}, 'whole')])
      : last('Floor', [quotient]);
    return [computed(whole ? call.add('Cast', [value], { to: CAST_TO.int64 }) : value, channelsLast)];
  };

/** Where the largest (smallest) value along an axis is. */
const argument =
  (op: string): OpWriter =>
  (call) => {
    const x = call.computed();
    const given = call.number(1);
    const last = given === -1 || given === call.shape(x).length - 1;
    // Without its channels an image is N×H×W in either order.
    const from = last ? x : call.plain(x);
    return [computed(call.add(op, [from.tensor], { axis: call.axis(given, from), keepdims: 0 }), false)];
  };

/** The largest values along the last axis, and where they are. */
const largest: OpWriter = (call) => {
  const x = call.plain(call.computed());
  const { draft } = call.state;
  const axis = call.shape(x).length - 1;
  if (call.shape(x)[axis] === BATCH) throw new Unsupported('a choice among images');
  const outputs = ['', ':1'].map((part) => draft.unique(`${call.node.name}${part}`));
  draft.addNode('TopK', [x.tensor, call.ints([call.number(1)])], outputs, { axis, largest: 1 }, call.node.name);
  return outputs.map((output) => computed(output, false));
};

/** The angle of y and x. */
const angle: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
  const [y, x] = tensors as [string, string];
  const scalar = (value: number) => call.scalar(value);
  return [computed(writeAtan2({ add: (op, inputs) => call.add(op, inputs), scalar }, y, x), channelsLast)];
};

/** Of each place one of two values; a list of truths chooses whole rows, in the older `Select`. */
const select: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1), call.input(2)]);
  const ranks = tensors.map((tensor) => call.shape(computed(tensor, channelsLast)).length);
  if (call.node.op === 'Select' && ranks[0] === 1 && ranks[1]! > 1) throw new Unsupported('it chooses rows');
  return [computed(call.add('Where', tensors), channelsLast)];
};

/** a / b, but 0 where b is. */
const divNoNan: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
  const [a, b] = tensors as [string, string];
  const none = call.add('Equal', [b, call.scalar(0)], {}, 'none');
  const quotient = call.add('Div', [a, call.add('Where', [none, call.scalar(1), b], {}, 'safe')], {}, 'quotient');
  return [computed(call.add('Where', [none, call.scalar(0), quotient]), channelsLast)];
};

/** Copies along axes of size 1, and along new ones before them. */
const broadcastTo: OpWriter = (call) => {
  const x = call.computed();
  const shape = call.fileShape(x);
  const sizes = call.items(1);
  const added = sizes.length - shape.length;
  if (added < 0 || sizes.some((size, axis) => hasBatch(size) && shape[axis - added] !== BATCH))
    throw new Unsupported('copies for each image of the batch');
  const wanted = sizes.map((size) => (hasBatch(size) || size === -1 ? 1 : size));
  if (added > 0 && shape[0] === BATCH) throw new Unsupported('an axis before the batch');
  const from = added === 0 ? x : call.plain(x);
  const order = from.channelsLast ? [0, 3, 1, 2] : wanted.map((_, axis) => axis);
  const target = call.ints(order.map((axis) => wanted[axis]!));
  return [computed(call.add('Expand', [from.tensor, target]), from.channelsLast)];
};

export const CHOICE_OPS: OpTable = {
  Cast: cast,
  FloorDiv: floorDivision(false),
  FloorMod: floorDivision(true),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopKV2: largest,
  Atan2: angle,
  Select: select,
  SelectV2: select,
  DivNoNan: divNoNan,
  BroadcastTo: broadcastTo,
};
