import type { GraphBuilder } from '../../builder.ts';
import { isOpen, type Shape } from '../../graph.ts';
import type { GradientFunction } from '../../operator.ts';
import { unbroadcast } from '../../operators/common.ts';
import { OPERATORS } from '../../operators/index.ts';

/** The share of ε where a sum is only to be divided by safely. */
export const SAFE = 1e-7;
/** What ε never falls below: for maps of zeros. */
const FLOOR = 1e-9;

/**
 * z + ε·sign(z), the sign of zero being plus. ε is relative: `epsilon` times the root mean square of the image's own z
 * (Montavon 2019, Layer-wise Relevance Propagation: an overview, §10.3.2, where it is .25).
 */
export function stabilised(b: GraphBuilder, z: string, shape: Shape, epsilon: number): string {
  const images = Math.max(0, shape.findIndex(isOpen));
  const axes = shape.map((_, axis) => axis).filter((axis) => axis !== images);
  const squares = b.add('Mul', [z, z]);
  const mean = axes.length ? b.add('ReduceMean', [squares, b.ints(axes)], { keepdims: 1 }) : squares;
  const size = b.add('Add', [b.add('Mul', [b.add('Sqrt', [mean]), b.scalar(epsilon)]), b.scalar(FLOOR)]);
  return b.add('Add', [z, b.add('Where', [b.add('Less', [z, b.scalar(0)]), b.add('Neg', [size]), size])]);
}

/** Relevance that is moved or copied as gradients are: to the winner of a max, to a part's place. */
export const asGradient = (op: string): GradientFunction => OPERATORS[op]!.gradient!;

/** All of it to the input, as through an activation function (Bach 2015, §3.2); what was broadcast gets the sum. */
export const passed =
  (input = 0): GradientFunction =>
  ({ builder, gradients, inputs, outputs, wanted }) =>
    wanted.map((_, i) => (i === input ? unbroadcast(builder, gradients[0]!, outputs[0]!, inputs[i]!) : undefined));

/**
 * Shared out by contributions: with z = Σᵢ xᵢwᵢ (+ constants, which keep their share), Rᵢ = xᵢwᵢ · R / (z + ε·sign z), for any
 * operator that is linear in its inputs (Bach 2015, eq. 58). As x ⊙ (its gradient of R / z), after Montavon 2019, §10.3.
 */
export const shared =
  (epsilon: number): GradientFunction =>
  (context) => {
    const { builder: b, node, gradients, outputs } = context;
    const ratio = b.add('Div', [gradients[0]!, stabilised(b, node.outputs[0]!, outputs[0]!, epsilon)]);
    const back = asGradient(node.op)({ ...context, gradients: [ratio] });
    return back.map((part, i) => part && b.add('Mul', [part, node.inputs[i]!]));
  };
