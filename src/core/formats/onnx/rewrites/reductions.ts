import { movedAxes } from './arguments.ts';
import { listOf, numberOf, type Context, type Rewrite } from './rewrite.ts';
import { explicitPads } from './windows.ts';

/** What happens to the values before they are summed, and to the sum. */
const summed =
  (before: (x: string, context: Context) => string, after?: string): Rewrite =>
  (node, context) => {
    const { inputs, attributes } = movedAxes(node, context);
    const given = [before(inputs[0]!, context), ...inputs.slice(1)];
    if (!after) return { op: 'ReduceSum', inputs: given, attributes };
    return { op: after, inputs: [context.add('ReduceSum', given, attributes)], attributes: {} };
  };

const squared = (x: string, context: Context) => context.add('Mul', [x, x]);
const absolute = (x: string, context: Context) => context.add('Abs', [x]);

export const reduceL1 = summed(absolute);
export const reduceL2 = summed(squared, 'Sqrt');
export const reduceSumSquare = summed(squared);
export const reduceLogSum = summed((x) => x, 'Log');

/** With the largest value taken off first, so that no exponential is too large. */
export const reduceLogSumExp: Rewrite = (node, context) => {
  const { inputs, attributes } = movedAxes(node, context);
  const [x, ...axes] = inputs as [string, ...string[]];
  const most = context.add('ReduceMax', [x, ...axes], { ...attributes, keepdims: 1 });
  const parts = context.add('Exp', [context.add('Sub', [x, most])]);
  const logarithm = context.add('Log', [context.add('ReduceSum', [parts, ...axes], attributes)]);
  const removed = context.add('ReduceMax', [x, ...axes], attributes);
  return { op: 'Add', inputs: [logarithm, removed], attributes: {} };
};

/** Divided by the norm along one axis. */
export const lpNormalization: Rewrite = (node, context) => {
  const x = node.inputs[0]!;
  const axes = context.ints([numberOf(node, 'axis', -1)]);
  const first = numberOf(node, 'p', 2) === 1;
  const sum = context.add('ReduceSum', [(first ? absolute : squared)(x, context), axes], { keepdims: 1 });
  return { op: 'Div', inputs: [x, first ? sum : context.add('Sqrt', [sum])], attributes: {} };
};

/** (Σ|x|^p)^(1/p) over each window: its mean, with padding, times how many it has. */
export const lpPool: Rewrite = (node, context) => {
  const { op, inputs, attributes } = explicitPads(node, context);
  const kernel = listOf(node, 'kernel_shape');
  if (!kernel) return { op, inputs, attributes };
  const p = numberOf(node, 'p', 2);
  const { p: _, ...windows } = attributes;
  const raised = context.add('Pow', [absolute(inputs[0]!, context), context.float(p)]);
  const means = context.add('AveragePool', [raised], { ...windows, count_include_pad: 1 });
  const count = kernel.reduce((n, size) => n * size, 1);
  const sums = context.add('Mul', [means, context.float(count)]);
  return { op: 'Pow', inputs: [sums, context.float(1 / p)], attributes: {} };
};
