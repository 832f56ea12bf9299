import type { Rewrite } from './rewrite.ts';
import { numberOf } from './rewrite.ts';

/** As at inference, with the statistics that the file holds. */
export const batchNormalization: Rewrite = (node) => ({
  op: 'BatchNormalization',
  inputs: node.inputs,
  attributes: { epsilon: numberOf(node, 'epsilon', 1e-5) },
  outputs: 1,
});

/** (x − mean) / √(variance + ε) · scale + bias, over the positions of each channel (Ulyanov 2016). */
export const instanceNormalization: Rewrite = (node, context) => {
  const [x, scale, bias] = node.inputs as [string, string, string];
  const rank = context.shape(x)?.length ?? 4;
  const axes = context.ints(Array.from({ length: rank - 2 }, (_, i) => i + 2));
  const perChannel = context.ints([1, -1, ...new Array<number>(rank - 2).fill(1)]);
  const centred = context.add('Sub', [x, context.add('ReduceMean', [x, axes], { keepdims: 1 })]);
  const variance = context.add('ReduceMean', [context.add('Mul', [centred, centred]), axes], { keepdims: 1 });
  const spread = context.add('Sqrt', [context.add('Add', [variance, context.float(numberOf(node, 'epsilon', 1e-5))])]);
  const scaled = context.add('Mul', [
    context.add('Div', [centred, spread]),
    context.add('Reshape', [scale, perChannel]),
  ]);
  return { op: 'Add', inputs: [scaled, context.add('Reshape', [bias, perChannel])], attributes: {} };
};
