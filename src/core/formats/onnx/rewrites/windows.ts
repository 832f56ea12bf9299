import { damaged } from '../../failure.ts';
import { samePads } from '../../padding.ts';
import { describeNode, type FileNode } from '../read.ts';
import { listOf, textOf, without, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

/** Convolutions and poolings: explicit pads in place of `auto_pad`. */
export const explicitPads: Rewrite<Rewritten> = (node, context) => {
  const attributes = without(node, 'auto_pad', 'storage_order');
  const pads = automaticPads(node, context);
  return { op: node.op, inputs: node.inputs, attributes: pads ? { ...attributes, pads } : attributes };
};

/** ConvTranspose: as the others; or the pads that lead to `output_shape`. */
export const explicitTransposedPads: Rewrite = (node, context) => {
  const attributes = without(node, 'auto_pad', 'output_shape');
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  const wanted = listOf(node, 'output_shape');
  if (!wanted && !mode.startsWith('SAME')) return { op: node.op, inputs: node.inputs, attributes };
  const sizes = knownSizes(node, context);
  const { kernel, strides, dilations } = window(node, context, sizes.length);
  const extra = listOf(node, 'output_padding') ?? [];
  const begin: number[] = [];
  const end: number[] = [];
  sizes.forEach((size, i) => {
    const target = wanted ? wanted.at(i - sizes.length)! : size * strides[i]!;
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    const total = Math.max(0, (size - 1) * strides[i]! + (extra[i] ?? 0) + reach - target);
    const less = Math.floor(total / 2);
    begin.push(mode === 'SAME_UPPER' ? less : total - less);
    end.push(mode === 'SAME_UPPER' ? total - less : less);
  });
  return { op: node.op, inputs: node.inputs, attributes: { ...attributes, pads: [...begin, ...end] } };
};

function automaticPads(node: FileNode, context: Context): readonly number[] | undefined {
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  if (!mode.startsWith('SAME')) return undefined;
  const sizes = knownSizes(node, context);
  const { kernel, strides, dilations } = window(node, context, sizes.length);
  return samePads(sizes, kernel, strides, dilations, mode === 'SAME_LOWER');
}

function knownSizes(node: FileNode, context: Context): readonly number[] {
  const shape = context.shape(node.inputs[0]!);
  // Behind an unknown operator the pads can't be known; such a node is never run.
  return shape ? shape.slice(2) : [];
}

function window(node: FileNode, context: Context, axes: number) {
  const kernel = listOf(node, 'kernel_shape') ?? context.shape(node.inputs[1] ?? '')?.slice(2) ?? [];
  if (axes > 0 && kernel.length !== axes)
    throw damaged(`${describeNode(node)} has a kernel of ${kernel.length} axes for ${axes}; the file is damaged`);
  const ones = kernel.map(() => 1);
  return { kernel, strides: listOf(node, 'strides') ?? ones, dilations: listOf(node, 'dilations') ?? ones };
}
