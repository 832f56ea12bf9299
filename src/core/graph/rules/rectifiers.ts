import type { GraphBuilder } from '../builder.ts';
import { OPERATORS } from '../operators/index.ts';
import type { GradientContext, GradientFunction } from '../operator.ts';

/** Rectifiers: what they hold back is meant to be zero, or little. A `Clip` is one where it begins at zero. */
const RECTIFIERS = ['Relu', 'Clip', 'LeakyRelu', 'PRelu', 'ThresholdedRelu', 'Elu', 'Selu'];

export const isRectifier = ({ node, constant }: Pick<GradientContext, 'node' | 'constant'>): boolean =>
  RECTIFIERS.includes(node.op) && (node.op !== 'Clip' || constant(1)?.data[0] === 0);

const forRectifiers = (rule: GradientFunction): Readonly<Record<string, GradientFunction>> =>
  Object.fromEntries(
    RECTIFIERS.map((op) => [op, (context) => (isRectifier(context) ? rule : OPERATORS[op]!.gradient!)(context)]),
  );

/** g where g > 0. */
const positivePart = (b: GraphBuilder, g: string) => b.add('Relu', [g]);

/**
 * DeconvNet: backward through a rectifier keeps g where g > 0, whatever the forward sign: what comes back is rectified, as
 * the features were (Zeiler & Fergus 2014, §2.1; Simonyan 2013, §4). Bounds and slopes of the other rectifiers (ReLU6, leaky,
 * ELU …) play no part. Activation functions that are no rectifiers (sigmoid, tanh, GELU, SiLU …) keep their derivative, as in
 * captum's `Deconvolution`, which overrides ReLU alone; so does local response normalisation.
 */
export const deconvnetGradients = forRectifiers(({ builder, gradients }) => [positivePart(builder, gradients[0]!)]);

/**
 * Guided backprop: g where g > 0 and x > 0 (Springenberg 2014, §3.4), that is the derivative's gate and DeconvNet's at once. So a
 * ReLU6 ends what lies beyond its upper bound, as its derivative does, and leaky rectifiers end what is below zero. Activation
 * functions that are no rectifiers (sigmoid, tanh, GELU, SiLU …) keep their derivative, as in captum's `GuidedBackprop`, which
 * overrides ReLU alone.
 */
export const guidedGradients = forRectifiers((context) => {
  const { builder, node, gradients } = context;
  const g = positivePart(builder, gradients[0]!);
  const [back] = OPERATORS[node.op]!.gradient!({ ...context, gradients: [g] });
  if (node.op === 'Relu' || node.op === 'Clip') return [back];
  const firing = builder.add('Greater', [node.inputs[0]!, builder.scalar(0)]);
  return [builder.add('Where', [firing, back!, builder.scalar(0)])];
});
