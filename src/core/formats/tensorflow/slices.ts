import { BATCH, type Shape } from '../../graph/graph.ts';
import { damaged } from '../failure.ts';
import { hasBatch, N } from './batch.ts';
import { Unsupported, type OpCall } from './call.ts';
import { describeNode, number } from './node.ts';

/** What is kept along one axis: from `start`, before `end`, as ONNX's Slice has it. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What a slice keeps of each axis, and the axes that are then taken away or put in. */
export interface Slices {
  readonly ranges: readonly Range[];
  /** Of the sliced tensor's axes, those that go. */
  readonly gone: readonly number[];
  /** Of the result's axes, those that are new. */
  readonly added: readonly number[];
}

const END = 2 ** 62;
const ALL: Range = { start: 0, end: END, step: 1 };

/** Whether it is the batch's size, as a file says it that fixes that. */
const isBatchSize = ({ state }: OpCall, item: number | undefined, size: number | undefined): boolean =>
  state.batchIsFixed && size === BATCH && item === state.batch;

const plain = (item: number | undefined): number => {
  if (item === undefined || hasBatch(item)) throw new Unsupported('a slice that depends on the batch');
  return item;
};

/** `StridedSlice`: Python's `x[a:b:c, ..., newaxis, i]`, its masks by bit. */
export function stridedSlices(call: OpCall, shape: Shape): Slices {
  const [begin, end, strides] = [1, 2, 3].map((index) => call.items(index)) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const mask = (name: string, bit: number) => ((number(call.node, name, 0) >> bit) & 1) === 1;
  const isEllipsis = (i: number) => mask('ellipsis_mask', i);
  const isNew = (i: number) => !isEllipsis(i) && mask('new_axis_mask', i);
  const used = begin.filter((_, i) => !isEllipsis(i) && !isNew(i)).length;
  if (end.length !== begin.length || strides.length !== begin.length || begin.length > 30 || used > shape.length)
    throw damaged(`${describeNode(call.node)} slices ${used} axes of ${shape.length}; the file is damaged`);
  const ranges: Range[] = [];
  const gone: number[] = [];
  const added: number[] = [];
  begin.forEach((from, i) => {
    const at = () => ranges.length - gone.length + added.length;
    if (isEllipsis(i)) while (ranges.length < shape.length - countAfter(begin.length, i, isNew)) ranges.push(ALL);
    else if (isNew(i)) added.push(at());
    else if (mask('shrink_axis_mask', i)) {
      const index = plain(from);
      ranges.push({ start: index, end: index === -1 ? END : index + 1, step: 1 });
      gone.push(ranges.length - 1);
    } else {
      const size = shape[ranges.length]!;
      ranges.push(range(i, from, isBatchSize(call, end[i]!, size) ? N : end[i]!, plain(strides[i]), mask, size));
    }
  });
  while (ranges.length < shape.length) ranges.push(ALL);
  return { ranges, gone, added };
}

const countAfter = (length: number, i: number, isNew: (i: number) => boolean) =>
  Array.from({ length: length - i - 1 }, (_, k) => i + 1 + k).filter((k) => !isNew(k)).length;

function range(
  i: number,
  begin: number,
  end: number,
  step: number,
  mask: (name: string, bit: number) => boolean,
  size: number,
): Range {
  if (step === 0) throw damaged('a slice with a step of 0; the file is damaged');
  const start = mask('begin_mask', i) ? (step > 0 ? 0 : END) : plain(begin);
  const whole = mask('end_mask', i) || (end === N && size === BATCH);
  return { start, end: whole ? (step > 0 ? END : -END) : plain(end), step };
}

/** `Slice`: from `begin` on, `size` values (−1: all that are left). */
export function plainSlices(call: OpCall, shape: Shape): Slices {
  const sizes = call.items(2);
  const ranges = call.numbers(1).map((start, axis): Range => {
    const size = sizes[axis];
    if (start === 0 && (size === N || isBatchSize(call, size, shape[axis]))) return ALL;
    return { start, end: size === -1 ? END : start + plain(size), step: 1 };
  });
  return { ranges, gone: [], added: [] };
}

export const isWhole = ({ start, end, step }: Range): boolean => start === 0 && end >= END && step === 1;
