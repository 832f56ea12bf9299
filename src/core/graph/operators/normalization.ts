import type { GraphBuilder } from '../builder.ts';
import { axisOf, inputShape, number, type GradientContext, type Operator, type OperatorTable } from '../operator.ts';
import { sameShape } from './common.ts';

/** Softmax and its logarithm along one axis. */
const softmax = (gradient: (builder: GraphBuilder, g: string, y: string, axes: string) => string): Operator => ({
  shape: sameShape,
  gradient(context) {
    const axis = axisOf(number(context.node, 'axis', -1), inputShape(context, 0).length);
    const { builder, node, gradients } = context;
    return [gradient(builder, gradients[0]!, node.outputs[0]!, builder.ints([axis]))];
  },
});

export const NORMALIZATION: OperatorTable = {
  Softmax: softmax((b, g, y, axes) => {
    const inner = b.add('ReduceSum', [b.add('Mul', [g, y]), axes], { keepdims: 1 });
    return b.add('Mul', [y, b.add('Sub', [g, inner])]);
  }),
  LogSoftmax: softmax((b, g, y, axes) => {
    const total = b.add('ReduceSum', [g, axes], { keepdims: 1 });
    return b.add('Sub', [g, b.add('Mul', [b.add('Exp', [y]), total])]);
  }),

  /** As at inference: with the running statistics that the file holds. */
  BatchNormalization: {
    shape: sameShape,
    gradient(context) {
      const { builder, node, gradients } = context;
      const scale = context.constant(1)?.data as Float32Array | undefined;
      const variance = context.constant(4)?.data as Float32Array | undefined;
      if (!scale || !variance) throw new Error('no gradient for statistics that are computed');
      const epsilon = number(node, 'epsilon', 1e-5);
      const slopes = scale.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
      const shape = inputShape(context, 0).map((_, axis) => (axis === 1 ? slopes.length : 1));
      return [builder.add('Mul', [gradients[0]!, builder.floats(`${node.name}/slopes`, slopes, shape)])];
    },
  },

  LRN: { shape: sameShape, gradient: (context) => [lrnGradient(context)] },
};

/**
 * Local response normalisation, y = x·s^−β with s = bias + α/n·Σx² over n neighbouring channels (Krizhevsky 2012, §3.3):
 * ∂x = g·s^−β − 2αβ/n · x · Σ(g·x·s^(−β−1)). Both sums are 1×1 convolutions with a band of ones.
 */
function lrnGradient(context: GradientContext): string {
  const { builder: b, node, gradients } = context;
  const channels = inputShape(context, 0)[1]!;
  const size = number(node, 'size', 5);
  const [alpha, beta, bias] = [number(node, 'alpha', 1e-4), number(node, 'beta', 0.75), number(node, 'bias', 1)];
  const before = Math.floor((size - 1) / 2);
  const after = size - 1 - before;
  const band = (reachBefore: number, reachAfter: number) => {
    const weights = new Float32Array(channels * channels);
    for (let o = 0; o < channels; o++)
      for (let i = Math.max(0, o - reachBefore); i <= Math.min(channels - 1, o + reachAfter); i++)
        weights[o * channels + i] = 1;
    return b.floats(`${node.name}/band`, weights, [channels, channels, 1, 1]);
  };
  const [x, g] = [node.inputs[0]!, gradients[0]!];
  const squares = b.add('Conv', [b.add('Mul', [x, x]), band(before, after)]);
  const s = b.add('Add', [b.add('Mul', [squares, b.scalar(alpha / size)]), b.scalar(bias)]);
  const direct = b.add('Mul', [g, b.add('Pow', [s, b.scalar(-beta)])]);
  const weighed = b.add('Mul', [b.add('Mul', [g, x]), b.add('Pow', [s, b.scalar(-beta - 1)])]);
  const crossed = b.add('Mul', [b.add('Conv', [weighed, band(after, before)]), x]);
  return b.add('Sub', [direct, b.add('Mul', [crossed, b.scalar((2 * alpha * beta) / size)])]);
}
