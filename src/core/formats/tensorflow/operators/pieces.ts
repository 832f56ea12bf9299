import { BATCH } from '../../../graph/graph.ts';
import { TO_NCHW } from '../../keras/tensor.ts';
import { Unsupported, type OpCall } from '../call.ts';
import { number, text } from '../node.ts';
import { computed, type Result } from '../result.ts';
import { isWhole, plainSlices, stridedSlices, type Slices } from '../slices.ts';
import { aligned } from './elementwise.ts';
import type { OpTable, OpWriter } from './operator.ts';
import { reshapeTo } from './shape.ts';

/** `parts` along TensorFlow's `axis`. */
function concatenated(call: OpCall, parts: readonly Result[], axis: number): Result {
  const { tensors, channelsLast } = aligned(call, parts);
  const at = call.axis(axis, computed(tensors[0]!, channelsLast));
  if (tensors.length === 1) return computed(tensors[0]!, channelsLast);
  return computed(call.add('Concat', tensors, { axis: at }), channelsLast);
}

const concat: OpWriter = (call) => [concatenated(call, call.inputs.slice(0, -1), call.number(call.inputs.length - 1))];
const oldConcat: OpWriter = (call) => [concatenated(call, call.inputs.slice(1), call.number(0))];

const split =
  (data: number, axis: number, sizes?: number): OpWriter =>
  (call) => {
    const x = call.computed(data);
    const at = call.axis(call.number(axis), x);
    const size = call.shape(x)[at]!;
    const count = number(call.node, 'num_split', 1);
    const given =
      sizes === undefined ? new Array<number>(Math.min(count, size)).fill(size / count) : call.numbers(sizes);
    const known = given.reduce((n, part) => (part === -1 ? n : n + part), 0);
    const lengths = given.map((part) => (part === -1 ? size - known : part));
    const { draft } = call.state;
    const outputs = lengths.map((_, i) => draft.unique(i === 0 ? call.node.name : `${call.node.name}:${i}`));
    draft.addNode('Split', [x.tensor, call.ints(lengths)], outputs, { axis: at }, call.node.name);
    return outputs.map((output) => computed(output, x.channelsLast));
  };

const sliced =
  (slicesOf: (call: OpCall) => Slices): OpWriter =>
  (call) => {
    const { ranges, gone, added } = slicesOf(call);
    const x = call.computed();
    const cut = ranges.flatMap((range, axis) => (isWhole(range) ? [] : [{ ...range, axis: call.axis(axis, x) }]));
    const list = (pick: (range: (typeof cut)[number]) => number) => call.ints(cut.map(pick));
    const parts = [list((r) => r.start), list((r) => r.end), list((r) => r.axis), list((r) => r.step)];
    const part = cut.length ? computed(call.add('Slice', [x.tensor, ...parts]), x.channelsLast) : x;
    if (gone.length + added.length === 0) return [part];
    const shape = call.fileShape(part).filter((_, axis) => !gone.includes(axis));
    for (const axis of added) shape.splice(axis, 0, 1);
    return [reshapeTo(call, part, shape)];
  };

const MODES: Readonly<Record<string, string>> = { REFLECT: 'reflect', SYMMETRIC: 'symmetric' };

const pad: OpWriter = (call) => {
  const x = call.computed();
  const pairs = call.numbers(1);
  const axes = call.fileShape(x).map((_, axis) => axis);
  const order = x.channelsLast ? TO_NCHW : axes;
  const pads = [...order.map((axis) => pairs[2 * axis] ?? 0), ...order.map((axis) => pairs[2 * axis + 1] ?? 0)];
  if (call.node.op !== 'MirrorPad') {
    const value = call.node.op === 'PadV2' ? [call.scalar(call.number(2))] : [];
    return [computed(call.add('Pad', [x.tensor, call.ints(pads), ...value]), x.channelsLast)];
  }
  const mode = MODES[text(call.node, 'mode')];
  if (mode !== 'reflect') throw new Unsupported('it repeats the border too');
  return [computed(call.add('Pad', [x.tensor, call.ints(pads)], { mode }), x.channelsLast)];
};

/** Slices side by side along a new axis. */
const pack: OpWriter = (call) => {
  const parts = call.inputs.map((input) => call.plain(call.materialise(input)));
  const shape = call.shape(parts[0]!);
  const given = number(call.node, 'axis', 0);
  const axis = given < 0 ? given + shape.length + 1 : given;
  if (axis === 0 && shape[0] === BATCH) throw new Unsupported('an axis before the batch');
  const widened = parts.map(({ tensor }, i) => call.add('Unsqueeze', [tensor, call.ints([axis])], {}, `axis${i}`));
  return [computed(call.add('Concat', widened, { axis }), false)];
};

/** Slices along an axis, without it. */
const unpack: OpWriter = (call) => {
  const x = call.plain(call.computed());
  const shape = call.shape(x);
  const axis = call.axis(number(call.node, 'axis', 0), x);
  const count = shape[axis]!;
  const rest = shape.filter((_, at) => at !== axis);
  if (count === BATCH || count > 64) throw new Unsupported(`${count} parts`);
  return Array.from({ length: count }, (_, i) => {
    const range = [i, i + 1, axis, 1].map((value) => call.ints([value]));
    return reshapeTo(call, computed(call.add('Slice', [x.tensor, ...range], {}, `part${i}`), false), rest);
  });
};

const gather: OpWriter = (call) => {
  const x = call.plain(call.computed());
  const axis = call.inputs.length > 2 ? call.axis(call.number(2), x) : 0;
  const indices = call.value(1);
  if (!indices || call.shape(x)[axis] === BATCH) throw new Unsupported('it takes what the network computes');
  return [computed(call.add('Gather', [x.tensor, call.materialise(call.input(1)).tensor], { axis }), false)];
};

/** Copies side by side along each axis. */
const tile: OpWriter = (call) => {
  const x = call.computed();
  const counts = call.numbers(1);
  const shape = call.shape(x);
  let { tensor } = x;
  counts.forEach((count, fileAxis) => {
    const axis = call.axis(fileAxis, x);
    if (count === 1) return;
    if (!(count > 0 && count <= 64) || shape[axis] === BATCH) throw new Unsupported(`${count} copies`);
    const along = shape.map((_, i) => (i === axis ? count : 1));
    tensor =
      shape[axis] === 1
        ? call.add('Expand', [tensor, call.ints(along)])
        : call.add('Concat', new Array<string>(count).fill(tensor), { axis });
  });
  return [computed(tensor, x.channelsLast)];
};

export const PIECES_OPS: OpTable = {
  ConcatV2: concat,
  Concat: oldConcat,
  Split: split(1, 0),
  SplitV: split(0, 2, 1),
  StridedSlice: sliced((call) => stridedSlices(call, call.fileShape(call.computed()))),
  Slice: sliced((call) => plainSlices(call, call.fileShape(call.computed()))),
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  GatherV2: gather,
  Gather: gather,
};
