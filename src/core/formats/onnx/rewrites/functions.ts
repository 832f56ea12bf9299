import { numberOf, textOf, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

const result = (op: string, ...inputs: readonly string[]): Rewritten => ({ op, inputs, attributes: {} });

/** `x·½·(1 + erf(x/√2))`, or its approximation by tanh (Hendrycks & Gimpel 2016). */
export const gelu: Rewrite = (node, context) => {
  const x = node.inputs[0]!;
  const inner = textOf(node, 'approximate', 'none') === 'tanh' ? gateTanh(x, context) : gateErf(x, context);
  const half = context.add('Mul', [x, context.float(0.5)]);
  return result('Mul', half, context.add('Add', [inner, context.float(1)]));
};

const gateErf = (x: string, context: Context) =>
  context.add('Erf', [context.add('Div', [x, context.float(Math.SQRT2)])]);

function gateTanh(x: string, context: Context): string {
  const cube = context.add('Mul', [context.add('Mul', [x, x]), x]);
  const sum = context.add('Add', [x, context.add('Mul', [cube, context.float(0.044715)])]);
  return context.add('Tanh', [context.add('Mul', [sum, context.float(Math.sqrt(2 / Math.PI))])]);
}

/** `x·σ(αx)` */
export const swish: Rewrite = (node, context) => {
  const x = node.inputs[0]!;
  const alpha = numberOf(node, 'alpha', 1);
  const scaled = alpha === 1 ? x : context.add('Mul', [x, context.float(alpha)]);
  return result('Mul', x, context.add('Sigmoid', [scaled]));
};

/** `x·tanh(softplus(x))` */
export const mish: Rewrite = (node, context) =>
  result('Mul', node.inputs[0]!, context.add('Tanh', [context.add('Softplus', [node.inputs[0]!])]));

/** `max(0, x) + min(0, α·(exp(x/α) − 1))`, which is α·Elu(x/α) */
export const celu: Rewrite = (node, context) => {
  const alpha = context.float(numberOf(node, 'alpha', 1));
  return result('Mul', context.add('Elu', [context.add('Div', [node.inputs[0]!, alpha])], { alpha: 1 }), alpha);
};

/** Towards zero by `bias`, beyond `lambd` on either side; zero between. */
export const shrink: Rewrite = (node, context) => {
  const x = node.inputs[0]!;
  const bias = context.float(numberOf(node, 'bias', 0));
  const edge = numberOf(node, 'lambd', 0.5);
  const above = context.add('Greater', [x, context.float(edge)]);
  const below = context.add('Less', [x, context.float(-edge)]);
  const upper = context.add('Where', [above, context.add('Sub', [x, bias]), context.float(0)]);
  return result('Where', below, context.add('Add', [x, bias]), upper);
};

export const tangent: Rewrite = (node, context) =>
  result('Div', context.add('Sin', [node.inputs[0]!]), context.add('Cos', [node.inputs[0]!]));

/** `(exp(x) ± exp(−x)) / 2` */
const hyperbolic =
  (op: 'Add' | 'Sub'): Rewrite =>
  (node, context) => {
    const back = context.add('Exp', [context.add('Neg', [node.inputs[0]!])]);
    return result('Div', context.add(op, [context.add('Exp', [node.inputs[0]!]), back]), context.float(2));
  };
export const sinh = hyperbolic('Sub');
export const cosh = hyperbolic('Add');

/** ONNX's numbers of floating-point types: all are float32 in the graph. */
const FLOATING: ReadonlySet<number> = new Set([1, 10, 11, 16]);

export const cast: Rewrite = (node) => {
  const to = numberOf(node, 'to', 0);
  return { op: 'Cast', inputs: node.inputs, attributes: { to: FLOATING.has(to) ? 1 : to } };
};
