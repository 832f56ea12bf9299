import {
  axisOf,
  constantNumbers,
  inputShape,
  number,
  type GradientContext,
  type Operator,
  type OperatorTable,
  type ShapeContext,
} from '../operator.ts';
import { asTarget, isOpen, type Shape } from '../graph.ts';
import { flat, perImage } from './common.ts';

/** The axes that are reduced (all, where none are given), and the input's shape. */
export function reduced(context: ShapeContext): { axes: number[]; shape: Shape } {
  const shape = inputShape(context, 0);
  const given = context.inputs[1] ? constantNumbers(context, 1) : [];
  if (given.length === 0 && number(context.node, 'noop_with_empty_axes', 0) === 1) return { axes: [], shape };
  const axes = given.length ? given.map((axis) => axisOf(axis, shape.length)) : shape.map((_, axis) => axis);
  return { axes, shape };
}

const kept = ({ axes, shape }: { axes: number[]; shape: Shape }) =>
  shape.map((size, axis) => (axes.includes(axis) ? 1 : size));

/** A reduction of axes given as the second input; `part` makes the input's gradient from the output's, axes restored. */
const reduction = (part: (context: GradientContext, gradient: string, count: number) => string): Operator => ({
  shape(context) {
    const { axes, shape } = reduced(context);
    if (number(context.node, 'keepdims', 1) === 1) return [kept({ axes, shape })];
    return [shape.filter((_, axis) => !axes.includes(axis))];
  },
  gradient(context) {
    const { builder, gradients } = context;
    const { axes, shape } = reduced(context);
    const count = axes.reduce((n, axis) => n * shape[axis]!, 1);
    return [
      part(context, builder.add('Reshape', [gradients[0]!, builder.ints(asTarget(kept({ axes, shape })))]), count),
    ];
  },
});

/** Spreads a value over what it was reduced from. */
const spread = ({ builder, node }: GradientContext, gradient: string) =>
  builder.add('Expand', [gradient, builder.add('Shape', [node.inputs[0]!])]);

/** Of the largest (smallest) values each gets an equal share. */
const share = (context: GradientContext, gradient: string) => {
  const { builder, node } = context;
  const { axes, shape } = reduced(context);
  const extreme = builder.add('Reshape', [node.outputs[0]!, builder.ints(asTarget(kept({ axes, shape })))]);
  const mask = builder.add('Where', [
    builder.add('Equal', [node.inputs[0]!, extreme]),
    builder.scalar(1),
    builder.scalar(0),
  ]);
  const count = builder.add('ReduceSum', [mask, builder.ints(axes)], { keepdims: 1 });
  return builder.add('Mul', [mask, builder.add('Div', [gradient, count])]);
};

const argument: Operator = {
  gradient: flat,
  shape(context) {
    const shape = inputShape(context, 0);
    const axis = axisOf(number(context.node, 'axis', 0), shape.length);
    const keep = number(context.node, 'keepdims', 1) === 1;
    return [keep ? shape.map((size, i) => (i === axis ? 1 : size)) : shape.filter((_, i) => i !== axis)];
  },
};

/** Sums of all values up to each one along an axis; with `reverse` from it on; with `exclusive` without its own. */
const sumsUpTo: Operator = {
  shape(context) {
    const shape = inputShape(context, 0);
    if (isOpen(shape[axisOf(constantNumbers(context, 1)[0]!, shape.length)]!)) throw new Error('sums over the batch');
    return [shape];
  },
  gradient({ builder, node, gradients }) {
    const attributes = { ...node.attributes, reverse: 1 - number(node, 'reverse', 0) };
    return [builder.add('CumSum', [gradients[0]!, node.inputs[1]!], attributes)];
  },
  flops: (context) => perImage(inputShape(context, 0)),
};

export const REDUCTIONS: OperatorTable = {
  ReduceSum: reduction(spread),
  ReduceMean: reduction((context, gradient, count) => {
    if (count < 1) throw new Error('no gradient for a mean over the batch');
    return spread(context, context.builder.add('Mul', [gradient, context.builder.scalar(1 / count)]));
  }),
  ReduceMax: reduction(share),
  ReduceMin: reduction(share),
  /** y/x for each factor, which must not be zero. */
  ReduceProd: reduction((context, gradient) => {
    const { builder, node } = context;
    const product = builder.add('Reshape', [node.outputs[0]!, builder.ints(asTarget(kept(reduced(context))))]);
    return builder.add('Div', [builder.add('Mul', [gradient, product]), node.inputs[0]!]);
  }),
  CumSum: sumsUpTo,
  ArgMax: argument,
  ArgMin: argument,
};
