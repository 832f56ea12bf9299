import { numberOf, type Context, type Rewrite } from './rewrite.ts';

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
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const perChannel = (values: string) => context.add('Reshape', [values, context.ints([1, -1, ...axes.map(() => 1)])]);
  const normal = normalized(x, axes, numberOf(node, 'epsilon', 1e-5), context);
  const scaled = context.add('Mul', [normal, perChannel(scale)]);
  return { op: 'Add', inputs: [scaled, perChannel(bias)], attributes: {} };
};

/** The same over the axes from `axis` on (Ba 2016). */
export const layerNormalization: Rewrite = (node, context) => {
  const [x, scale, bias] = node.inputs as [string, string, string?];
  const shape = context.shape(x);
  if (!shape) return { op: node.op, inputs: node.inputs, attributes: node.attributes };
  const given = numberOf(node, 'axis', -1);
  const first = given < 0 ? given + shape.length : given;
  const axes = shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
  const normal = normalized(x, axes, numberOf(node, 'epsilon', 1e-5), context);
  if (!bias) return { op: 'Mul', inputs: [normal, scale], attributes: {}, outputs: 1 };
  return { op: 'Add', inputs: [context.add('Mul', [normal, scale]), bias], attributes: {}, outputs: 1 };
};

/** The same over the positions and channels of each group (Wu & He 2018). Scale and bias: opset 18 by group, 21 by channel. */
export const groupNormalization: Rewrite = (node, context) => {
  const [x, scale, bias] = node.inputs as [string, string, string];
  const shape = context.shape(x);
  if (!shape) return { op: node.op, inputs: node.inputs, attributes: node.attributes };
  const groups = numberOf(node, 'num_groups', 1);
  const apart = context.add('Reshape', [x, context.ints([0, groups, -1])]);
  const normal = normalized(apart, [2], numberOf(node, 'epsilon', 1e-5), context);
  const together = (grouped: string) => context.add('Reshape', [grouped, context.ints(shape)]);
  const along = (values: string, rank: number) =>
    context.add('Reshape', [values, context.ints([1, -1, ...new Array<number>(rank - 2).fill(1)])]);
  if (context.opset < 21) {
    const scaled = context.add('Mul', [normal, along(scale, 3)]);
    return {
      op: 'Reshape',
      inputs: [context.add('Add', [scaled, along(bias, 3)]), context.ints(shape)],
      attributes: {},
    };
  }
  const scaled = context.add('Mul', [together(normal), along(scale, shape.length)]);
  return { op: 'Add', inputs: [scaled, along(bias, shape.length)], attributes: {} };
};

function normalized(x: string, axes: readonly number[], epsilon: number, context: Context): string {
  const over = context.ints(axes);
  const centred = context.add('Sub', [x, context.add('ReduceMean', [x, over], { keepdims: 1 })]);
  const variance = context.add('ReduceMean', [context.add('Mul', [centred, centred]), over], { keepdims: 1 });
  const spread = context.add('Sqrt', [context.add('Add', [variance, context.float(epsilon)])]);
  return context.add('Div', [centred, spread]);
}
