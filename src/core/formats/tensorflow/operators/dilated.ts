import { damaged } from '../../failure.ts';
import { Unsupported, type OpCall } from '../call.ts';
import { describeNode } from '../node.ts';
import type { OpTable, OpWriter } from './operator.ts';

/** Two pairs of numbers: for height and width. */
function pairs(call: OpCall, index: number): readonly [number, number, number, number] {
  const list = call.numbers(index);
  if (list.length !== 4) throw new Unsupported('blocks along other axes than height and width');
  if (list.some((size) => size < 0)) throw damaged(`${describeNode(call.node)} cuts or pads [${list.join(', ')}]`);
  const [top, bottom, left, right] = list as [number, number, number, number];
  return [top, left, bottom, right];
}

const spaceToBatch: OpWriter = (call) => {
  const [h, w] = call.numbers(1);
  if (!(h! > 0) || !(w! > 0)) throw new Unsupported('blocks along other axes than height and width');
  return [{ kind: 'blocks', image: call.image(), dilations: [h!, w!], pads: pairs(call, 2) }];
};

/** A position that is cut off what comes out is one of padding less that goes in, as the stride is 1. */
const batchToSpace: OpWriter = (call) => {
  const blocks = call.input(0);
  if (blocks.kind !== 'blocks' || !blocks.convolve || String(call.numbers(1)) !== String(blocks.dilations))
    throw new Unsupported('it puts no blocks of an image together');
  const crops = pairs(call, 2);
  const pads = blocks.pads.map((pad, i) => pad - crops[i]!);
  if (pads.some((pad) => pad < 0)) throw new Unsupported('it cuts more than was padded');
  return [blocks.convolve(pads)];
};

/** `SpaceToBatchND` and `BatchToSpaceND` around a convolution, which together are one with dilations. */
export const DILATED_OPS: OpTable = { SpaceToBatchND: spaceToBatch, BatchToSpaceND: batchToSpace };
