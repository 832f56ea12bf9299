import type { GraphBuilder } from '../builder.ts';
import { number, type GradientContext, type Operator, type OperatorTable } from '../operator.ts';
import { flat, sameShape } from './common.ts';

/** The tensors of a function of one variable, as its derivative is written. */
interface Point {
  readonly builder: GraphBuilder;
  readonly x: string;
  readonly y: string;
  readonly context: GradientContext;
}

/** A function applied to each value; `derivative` writes dy/dx, which the gradient is multiplied by. */
const pointwise = (derivative: (point: Point) => string): Operator => ({
  shape: sameShape,
  gradient(context) {
    const { builder, node, gradients } = context;
    const slope = derivative({ builder, x: node.inputs[0]!, y: node.outputs[0]!, context });
    return [builder.add('Mul', [gradients[0]!, slope])];
  },
});

/** ONNX's number of the type float32, for `Cast`. */
const FLOAT = 1;

/**
 * Where the value of `mask` holds, the gradient passes; elsewhere it ends. By a product: ONNX Runtime's `Where` runs on one
 * thread, and takes half as long again as `Cast` and `Mul` together.
 */
const gated = (mask: (point: Point) => string): Operator => ({
  shape: sameShape,
  gradient(context) {
    const { builder, node, gradients } = context;
    const open = mask({ builder, x: node.inputs[0]!, y: node.outputs[0]!, context });
    const gate = builder.add('Cast', [open], { to: FLOAT });
    return [builder.add('Mul', [gradients[0]!, gate], {}, `${node.name}/gate`)];
  },
});

const times = (b: GraphBuilder, x: string, value: number) => b.add('Mul', [x, b.scalar(value)]);
const above = (b: GraphBuilder, x: string, value: number) => b.add('Greater', [x, b.scalar(value)]);
const below = (b: GraphBuilder, x: string, value: number) => b.add('Less', [x, b.scalar(value)]);
const where = (b: GraphBuilder, mask: string, yes: string, no: string) => b.add('Where', [mask, yes, no]);
const oneMinus = (b: GraphBuilder, x: string) => b.add('Sub', [b.scalar(1), x]);

export const ACTIVATIONS: OperatorTable = {
  Relu: gated(({ builder: b, y }) => above(b, y, 0)),

  /** Strictly between the bounds, as PyTorch's ReLU6: at a bound the gradient ends. */
  Clip: gated(({ builder: b, y, context }) => {
    const { node, inputs } = context;
    const low = inputs[1] && b.add('Greater', [y, node.inputs[1]!]);
    const high = inputs[2] && b.add('Less', [y, node.inputs[2]!]);
    if (low && high) return b.add('And', [low, high]);
    return low ?? high ?? b.add('Equal', [y, y]);
  }),

  LeakyRelu: pointwise(({ builder: b, x, context }) =>
    where(b, above(b, x, 0), b.scalar(1), b.scalar(number(context.node, 'alpha', 0.01))),
  ),
  PRelu: pointwise(({ builder: b, x, context }) => where(b, above(b, x, 0), b.scalar(1), context.node.inputs[1]!)),
  ThresholdedRelu: gated(({ builder: b, x, context }) => above(b, x, number(context.node, 'alpha', 1))),

  Elu: pointwise(({ builder: b, x, y, context }) => {
    const alpha = b.scalar(number(context.node, 'alpha', 1));
    return where(b, above(b, x, 0), b.scalar(1), b.add('Add', [y, alpha]));
  }),
  Selu: pointwise(({ builder: b, x, y, context }) => {
    const gamma = number(context.node, 'gamma', 1.0507009873554805);
    const alpha = number(context.node, 'alpha', 1.6732632423543772);
    return where(b, above(b, x, 0), b.scalar(gamma), b.add('Add', [y, b.scalar(alpha * gamma)]));
  }),

  Sigmoid: pointwise(({ builder: b, y }) => b.add('Mul', [y, oneMinus(b, y)])),
  HardSigmoid: pointwise(({ builder: b, y, context }) => {
    const inside = b.add('And', [above(b, y, 0), below(b, y, 1)]);
    return where(b, inside, b.scalar(number(context.node, 'alpha', 0.2)), b.scalar(0));
  }),
  /** x · max(0, min(1, x/6 + 1/2)) */
  HardSwish: pointwise(({ builder: b, x }) => {
    const inside = b.add('Add', [times(b, x, 1 / 3), b.scalar(0.5)]);
    return where(b, below(b, x, -3), b.scalar(0), where(b, above(b, x, 3), b.scalar(1), inside));
  }),
  Tanh: pointwise(({ builder: b, y }) => oneMinus(b, b.add('Mul', [y, y]))),
  Softplus: pointwise(({ builder: b, x }) => b.add('Sigmoid', [x])),
  Softsign: pointwise(({ builder: b, x }) => {
    const root = b.add('Add', [b.add('Abs', [x]), b.scalar(1)]);
    return b.add('Div', [b.scalar(1), b.add('Mul', [root, root])]);
  }),

  Exp: pointwise(({ y }) => y),
  Log: pointwise(({ builder: b, x }) => b.add('Div', [b.scalar(1), x])),
  Sqrt: pointwise(({ builder: b, y }) => b.add('Div', [b.scalar(0.5), y])),
  Reciprocal: pointwise(({ builder: b, y }) => b.add('Neg', [b.add('Mul', [y, y])])),
  Neg: pointwise(({ builder: b }) => b.scalar(-1)),
  Abs: pointwise(({ builder: b, x }) => b.add('Sign', [x])),
  Sin: pointwise(({ builder: b, x }) => b.add('Cos', [x])),
  Cos: pointwise(({ builder: b, x }) => b.add('Neg', [b.add('Sin', [x])])),
  Atan: pointwise(({ builder: b, x }) =>
    b.add('Div', [b.scalar(1), b.add('Add', [b.add('Mul', [x, x]), b.scalar(1)])]),
  ),
  /** 2/√π · exp(−x²) */
  Erf: pointwise(({ builder: b, x }) =>
    times(b, b.add('Exp', [b.add('Neg', [b.add('Mul', [x, x])])]), 2 / Math.sqrt(Math.PI)),
  ),
  Identity: pointwise(({ builder: b }) => b.scalar(1)),

  Sign: { shape: sameShape, gradient: flat },
  Floor: { shape: sameShape, gradient: flat },
  Ceil: { shape: sameShape, gradient: flat },
  Round: { shape: sameShape, gradient: flat },
  Not: { shape: sameShape, gradient: flat },
  /** To floating point, of what is floating point already: what is not has no gradient to go on with. */
  Cast: {
    shape: sameShape,
    gradient: ({ node, gradients }) => (node.attributes.to === FLOAT ? [gradients[0]] : []),
  },
};
