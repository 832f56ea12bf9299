import type { Shape } from '../../../graph/graph.ts';
import { perImage } from '../../../graph/operators/common.ts';
import { elements } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import { MOST } from '../fold.ts';
import { describeNode, type FileNode } from '../read.ts';
import { isNumber, list, toValue, type Item, type PerImage } from '../values.ts';
import { forEachImage } from './batch.ts';
import { numberOf, without, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

/** Constant targets, with the batch left free where the file fixes it. */
export const freeReshape: Rewrite = (node, context) => {
  const target = list(context.value(node.inputs[1]));
  const from = context.shape(node.inputs[0]!);
  if (!target || !from || context.value(node.inputs[0])) return plain(node);
  const sizes = target.every(isNumber) ? freed(target, from, node, context) : opened(target, from, node);
  const zeroIsZero = node.attributes.allowzero === 1 && target.includes(0);
  return {
    op: 'Reshape',
    inputs: [node.inputs[0]!, context.ints(sizes)],
    attributes: zeroIsZero ? { allowzero: 1 } : {},
  };
};

/** A target of plain numbers: where the first axis of both counts images, it is left to the run. */
function freed(target: readonly number[], from: Shape, node: FileNode, { batch, fixed }: Context): readonly number[] {
  const [first, ...rest] = target;
  const each = -(from[0] ?? 0);
  if (first === undefined || first < 1 || each < 1) return target;
  if (first === each * batch && (fixed || each === 1)) return [0, ...rest];
  if (!fixed && rest.includes(-1)) return target;
  const fills = !rest.includes(-1) && !rest.includes(0) && elements(target) === perImage(from) * batch;
  if (fills && first % batch === 0) return [-1, ...rest];
  throw damaged(`${describeNode(node)} would fix the batch by its target [${target.join(', ')}]`);
}

/** A target with a multiple of the batch size in it. */
function opened(target: readonly Item[], from: Shape, node: FileNode): readonly number[] {
  const at = target.findIndex((size) => !isNumber(size));
  const { each } = target[at] as PerImage;
  const others = numbersOf(target.toSpliced(at, 1), node);
  if (from[at] === -each) return [...others.slice(0, at), 0, ...others.slice(at)];
  // Two axes can't be left to the run: what an image has to fill the other one with is known.
  const known = others.map((size, i) => (size === 0 ? Math.abs(from[i < at ? i : i + 1] ?? 1) : size));
  const product = known.reduce((n, size) => (size === -1 ? n : n * size), each);
  const sizes = known.map((size) => (size === -1 ? perImage(from) / product : size));
  return [...sizes.slice(0, at), -1, ...sizes.slice(at)];
}

/** Where the target says the batch size, 1: broadcasting keeps it. */
export const freeExpand: Rewrite = (node, context) => {
  const target = list(context.value(node.inputs[1]));
  const from = context.shape(node.inputs[0]!);
  if (!target || !from || target.every(isNumber)) return plain(node);
  const offset = target.length - from.length;
  const sizes = target.map((size, axis) => (!isNumber(size) && from[axis - offset] === -size.each ? 1 : size));
  if (sizes.every(isNumber)) return { op: 'Expand', inputs: [node.inputs[0]!, context.ints(sizes)], attributes: {} };
  return spread(node.inputs[0]!, target, node, context);
};

/** What is the same for all images, once for each. */
function spread(tensor: string, target: readonly Item[], node: FileNode, context: Context): string {
  const [first, ...rest] = target;
  if (first === undefined || isNumber(first) || first.each !== 1) throw displaced(node);
  const one = context.add('Expand', [tensor, context.ints([1, ...numbersOf(rest, node)])]);
  return forEachImage(one, target.length, context);
}

function numbersOf(sizes: readonly Item[], node: FileNode): readonly number[] {
  if (!sizes.every(isNumber)) throw displaced(node);
  return sizes;
}

const displaced = (node: FileNode) => damaged(`${describeNode(node)} puts the batch on another axis than the first`);

/** Of the batch size: the same values for each image. Of more values than are folded: made when the network runs. */
export const freeConstant: Rewrite = (node, context) => {
  const target = list(context.value(node.inputs[0]));
  const plainly = { op: node.op, inputs: node.inputs, attributes: node.attributes };
  if (!target) return plainly;
  const fill = node.tensors.value
    ? toValue(node.tensors.value)
    : ({ dtype: 'float32', shape: [1], items: [0] } as const);
  const open = !target.every(isNumber);
  if (!open && (elements(target) <= MOST || !context.affords(elements(target)))) return plainly;
  const value = context.constant(`${node.outputs[0]}/value`, { ...fill, shape: [] });
  if (open) return spread(value, target, node, context);
  return { op: 'Expand', inputs: [value, context.ints(target)], attributes: {} };
};

/** Copies along each axis: of one value by broadcasting, of more by joining. */
export const tile: Rewrite = (node, context) => {
  const repeats = list(context.value(node.inputs[1]));
  const shape = context.shape(node.inputs[0]!);
  if (!repeats || !shape) return { op: node.op, inputs: node.inputs, attributes: {} };
  let tensor = node.inputs[0]!;
  shape.forEach((size, axis) => {
    const count = repeats[axis]!;
    if (isNumber(count) && count > 1 && size !== 1)
      tensor = context.add('Concat', new Array<string>(count).fill(tensor), { axis });
  });
  const target = repeats.map((count, axis) => (shape[axis] === 1 ? count : 1));
  if (target.every((count) => count === 1)) return tensor;
  if (target.every(isNumber)) return { op: 'Expand', inputs: [tensor, context.ints(target)], attributes: {} };
  return spread(tensor, target, node, context);
};

const plain = (node: FileNode) => ({ op: node.op, inputs: node.inputs, attributes: without(node, 'shape') });

/** Up to opset 12, Softmax takes all axes from `axis` on together. */
export const softmaxOfOneAxis: Rewrite = (node, context) => {
  const { op, inputs } = node;
  if (context.opset >= 13) return along(node, numberOf(node, 'axis', -1));
  const given = numberOf(node, 'axis', 1);
  const shape = context.shape(inputs[0]!);
  if (!shape) return along(node, given);
  const axis = given < 0 ? given + shape.length : given;
  if (shape.slice(axis + 1).every((size) => size === 1)) return along(node, axis);
  const joined = shape.slice(axis).reduce((n, size) => n * size, 1);
  const flat = context.add('Reshape', [inputs[0]!, context.ints([...shape.slice(0, axis), joined])]);
  const result = context.add(op, [flat], { axis });
  return { op: 'Reshape', inputs: [result, context.ints(shape)], attributes: {} };
};

const along = ({ op, inputs }: FileNode, axis: number): Rewritten => ({ op, inputs, attributes: { axis } });

/** Blocks of pixels become channels, a block's positions before the channels. */
export const spaceToDepth: Rewrite = (node, context) => {
  const shape = context.shape(node.inputs[0]!);
  const block = numberOf(node, 'blocksize', 1);
  if (shape?.length !== 4 || shape[2]! % block || shape[3]! % block)
    throw damaged(`${describeNode(node)} has an input that does not fall into blocks of ${block}×${block}`);
  const [, channels, height, width] = shape as [number, number, number, number];
  const [rows, columns] = [height / block, width / block];
  const blocks = context.add('Reshape', [node.inputs[0]!, context.ints([0, channels, rows, block, columns, block])]);
  const turned = context.add('Transpose', [blocks], { perm: [0, 3, 5, 1, 2, 4] });
  const target = context.ints([0, channels * block * block, rows, columns]);
  return { op: 'Reshape', inputs: [turned, target], attributes: {} };
};
