import type { GradientContext, GradientFunction } from '../../operator.ts';
import { asGradient, SAFE, stabilised } from './sharing.ts';
import { isNonNegative } from './tracing.ts';

interface Signs {
  /** Weights of the positive and of the negative contributions' shares, α and −β. */
  readonly positive: number;
  readonly negative: number;
  /** Whether biases take their share. */
  readonly bias: boolean;
}

type Sign = 'positive' | 'negative';

/**
 * Positive and negative contributions shared out apart, for an operator of x and constant weights:
 * R_i = Σ_j (α·(x_i w_ij)⁺ / Σ_i (x_i w_ij)⁺ − β·(x_i w_ij)⁻ / Σ_i (x_i w_ij)⁻) R_j (Bach 2015, eq. 60).
 * The signed parts are made by nodes, which engines compute once for weights.
 */
export const sharedBySign =
  (signs: Signs): GradientFunction =>
  (context) => {
    const found = (['positive', 'negative'] as const)
      .filter((sign) => signs[sign] !== 0)
      .map((sign) => contributions(context, sign, signs));
    const sum = found.reduce((a, b) => context.builder.add('Add', [a, b]));
    return context.node.inputs.map((_, i) => (i === inputOf(context) ? sum : undefined));
  };

const inputOf = ({ wanted }: GradientContext) => (wanted[0] ? 0 : 1);

function contributions(context: GradientContext, sign: Sign, signs: Signs): string {
  const { builder: b, node, outputs, gradients } = context;
  const part = (tensor: string, of: Sign) =>
    of === 'positive' ? b.add('Relu', [tensor]) : b.add('Min', [tensor, b.scalar(0)]);
  const at = inputOf(context);
  const [x, w, bias] = [node.inputs[at]!, node.inputs[1 - at]!, node.inputs[2]];
  const other: Sign = sign === 'positive' ? 'negative' : 'positive';
  // x⁺w⁺ and x⁻w⁻ are positive, x⁺w⁻ and x⁻w⁺ negative.
  const pairs = isNonNegative(b, x)
    ? [[x, part(w, sign)] as const]
    : [[part(x, 'positive'), part(w, sign)] as const, [part(x, 'negative'), part(w, other)] as const];
  const operands = pairs.map(([values, weights]) => (at === 0 ? [values, weights] : [weights, values]));
  if (bias && signs.bias) operands[0]!.push(part(bias, sign));
  const z = operands.map((inputs) => b.add(node.op, inputs, node.attributes)).reduce((a, c) => b.add('Add', [a, c]));
  const relevance = b.add('Mul', [gradients[0]!, b.scalar(signs[sign])]);
  const ratio = b.add('Div', [relevance, stabilised(b, z, outputs[0]!, SAFE)]);
  return operands
    .map((inputs) => {
      const back = asGradient(node.op)({ ...context, node: { ...node, inputs }, gradients: [ratio] });
      return b.add('Mul', [back[at]!, inputs[at]!]);
    })
    .reduce((a, c) => b.add('Add', [a, c]));
}
