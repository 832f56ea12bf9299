import { BATCH } from '../../../graph/graph.ts';
import { damaged } from '../../failure.ts';
import { describeNode, type FileNode } from '../read.ts';
import { list, type Item } from '../values.ts';
import { forEachImage } from './batch.ts';
import { numberOf, without, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

/** Constant targets, with the batch left free where the file fixes it. */
export const freeReshape: Rewrite = (node, context) => {
  const target = list(context.value(node.inputs[1]));
  const from = context.shape(node.inputs[0]!);
  if (!target || !from || context.value(node.inputs[0])) return plain(node);
  const sizes = target.map((size, axis): Item => {
    const batch = axis === 0 && from[0] === BATCH && (size === 'N' || size === context.batch);
    return batch ? 0 : size;
  });
  const zeroIsZero = node.attributes.allowzero === 1 && target.includes(0);
  return {
    op: 'Reshape',
    inputs: [node.inputs[0]!, context.ints(numbersOf(sizes, node))],
    attributes: zeroIsZero ? { allowzero: 1 } : {},
  };
};

/** Where the target says the batch size, 1: broadcasting keeps it. */
export const freeExpand: Rewrite = (node, context) => {
  const target = list(context.value(node.inputs[1]));
  const from = context.shape(node.inputs[0]!);
  if (target?.[0] === 'N' && from && from[0] !== BATCH && from.length <= target.length)
    return spread(node, target, context);
  if (!target?.includes('N') || from?.[0] !== BATCH || from.length !== target.length) return plain(node);
  const sizes = target.map((size, axis) => (axis === 0 && size === 'N' ? 1 : size));
  return { op: 'Expand', inputs: [node.inputs[0]!, context.ints(numbersOf(sizes, node))], attributes: {} };
};

/** What is the same for all images, once for each. */
function spread(node: FileNode, target: readonly Item[], context: Context): string {
  const sizes = numbersOf([1, ...target.slice(1)], node);
  const one = context.add('Expand', [node.inputs[0]!, context.ints(sizes)]);
  return forEachImage(one, target.length, context);
}

function numbersOf(sizes: readonly Item[], node: FileNode): readonly number[] {
  if (sizes.includes('N')) throw damaged(`${describeNode(node)} puts the batch on another axis than the first`);
  return sizes as readonly number[];
}

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
