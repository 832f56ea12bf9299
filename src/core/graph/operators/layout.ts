import { asTarget, isOpen, type Shape } from '../graph.ts';
import {
  axisOf,
  constantNumbers,
  inputShape,
  list,
  number,
  text,
  type GradientContext,
  type Operator,
  type OperatorTable,
  type ShapeContext,
} from '../operator.ts';
import { flat, perImage } from './common.ts';

/** Operators that only rename the positions of values: the gradient takes the input's shape again. */
const renamed = (shape: (context: ShapeContext) => Shape): Operator => ({
  shape: (context) => [shape(context)],
  gradient: (context) => [backToShape(context)],
});

const backToShape = ({ builder, gradients, inputs }: GradientContext) =>
  builder.add('Reshape', [gradients[0]!, builder.ints(asTarget(inputs[0]!))]);

/** A flat product of axes, of which one may count images. */
const joined = (sizes: Shape): number => sizes.reduce((product, size) => product * size, 1);

export function reshaped(from: Shape, target: readonly number[], allowZero = false): Shape {
  const wanted = target.map((size, axis) => (size === 0 && !allowZero ? from[axis]! : size));
  const free = target.indexOf(-1);
  const total = perImage(from);
  const known = perImage(wanted.filter((_, axis) => axis !== free));
  if (free >= 0 ? total % known !== 0 : total !== known)
    throw new Error(`${total} values do not fill [${target.join(', ')}]`);
  const kept = wanted.some((size, axis) => axis !== free && isOpen(size));
  const open = from.some(isOpen) && !kept;
  if (free >= 0) wanted[free] = (total / known) * (open ? -1 : 1);
  else if (open) throw new Error(`[${target.join(', ')}] would fix the batch`);
  return wanted;
}

export const LAYOUT: OperatorTable = {
  Reshape: renamed((context) =>
    reshaped(inputShape(context, 0), constantNumbers(context, 1), number(context.node, 'allowzero', 0) === 1),
  ),
  Flatten: renamed((context) => {
    const shape = inputShape(context, 0);
    const axis = number(context.node, 'axis', 1);
    const at = axis < 0 ? axis + shape.length : axis;
    return [joined(shape.slice(0, at)), joined(shape.slice(at))];
  }),
  Squeeze: renamed((context) => {
    const shape = inputShape(context, 0);
    const axes = context.inputs[1]
      ? constantNumbers(context, 1).map((axis) => axisOf(axis, shape.length))
      : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
    if (axes.some((axis) => shape[axis] !== 1)) throw new Error(`axes ${axes.join(', ')} are not all of size 1`);
    return shape.filter((_, axis) => !axes.includes(axis));
  }),
  Unsqueeze: renamed((context) => {
    const shape = inputShape(context, 0);
    const given = constantNumbers(context, 1);
    const rank = shape.length + given.length;
    const axes = new Set(given.map((axis) => axisOf(axis, rank)));
    const sizes = [...shape];
    return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : sizes.shift()!));
  }),

  Transpose: {
    shape(context) {
      const shape = inputShape(context, 0);
      const perm = permutation(context);
      if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i)) throw new Error(`perm [${perm.join(', ')}]`);
      return [perm.map((axis) => shape[axis]!)];
    },
    gradient(context) {
      const perm = permutation(context);
      const inverse = perm.map((_, axis) => perm.indexOf(axis));
      return [context.builder.add('Transpose', [context.gradients[0]!], { perm: inverse })];
    },
  },

  DepthToSpace: {
    shape(context) {
      const [n, c, h, w] = inputShape(context, 0) as [number, number, number, number];
      const block = number(context.node, 'blocksize', 1);
      if (c % (block * block) !== 0) throw new Error(`${c} channels in blocks of ${block}×${block}`);
      return [[n, c / (block * block), h * block, w * block]];
    },
    gradient(context) {
      const { builder, gradients, node } = context;
      const [n, c, h, w] = inputShape(context, 0) as [number, number, number, number];
      const block = number(node, 'blocksize', 1);
      const depth = c / (block * block);
      // N, C', H, b, W, b → the order in which the mode laid the channels out.
      const perm = text(node, 'mode', 'DCR') === 'CRD' ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
      const split = builder.add('Reshape', [gradients[0]!, builder.ints(asTarget([n, depth, h, block, w, block]))]);
      return [
        builder.add('Reshape', [builder.add('Transpose', [split], { perm }), builder.ints(asTarget([n, c, h, w]))]),
      ];
    },
  },

  Shape: { shape: (context) => [[inputShape(context, 0).length]], gradient: flat },
};

function permutation(context: ShapeContext): readonly number[] {
  const axes = inputShape(context, 0).map((_, axis) => axis);
  return list(context.node, 'perm', [...axes].reverse());
}
