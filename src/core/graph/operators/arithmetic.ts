import type { Operator, OperatorTable } from '../operator.ts';
import { inputShape, type GradientContext } from '../operator.ts';
import { broadcast, flat, unbroadcast } from './common.ts';

/** Writes ∂objective/∂(one input), before it is summed over the axes along which that input was broadcast. */
type Part = (context: GradientContext, gradient: string) => string;

/** An operator on values that are broadcast against each other; a missing part ends the gradient. */
const broadcasting = (...parts: readonly (Part | undefined)[]): Operator => ({
  shape: (context) => [broadcast(...context.inputs.map((_, i) => inputShape(context, i)))],
  gradient:
    parts.length === 0
      ? flat
      : (context) =>
          context.inputs.map((shape, i) => {
            const part = parts[i];
            if (!context.wanted[i] || !part) return undefined;
            const full = part(context, context.gradients[0]!);
            return unbroadcast(context.builder, full, context.outputs[0]!, shape!);
          }),
});

/** Any number of inputs, each with the same part. */
const variadic = (part: (context: GradientContext, gradient: string, index: number) => string): Operator => ({
  ...broadcasting(),
  gradient: (context) =>
    context.inputs.map((shape, i) =>
      context.wanted[i]
        ? unbroadcast(context.builder, part(context, context.gradients[0]!, i), context.outputs[0]!, shape!)
        : undefined,
    ),
});

const pass: Part = (_, gradient) => gradient;
const negated: Part = ({ builder }, gradient) => builder.add('Neg', [gradient]);
const timesInput =
  (index: number): Part =>
  ({ builder, node }, gradient) =>
    builder.add('Mul', [gradient, node.inputs[index]!]);

/** Max and Min: the gradient goes to the input that is the output; of equal ones, to the first. */
const chosen = variadic(({ builder, node }, gradient, index) => {
  const is = (i: number) => builder.add('Equal', [node.inputs[i]!, node.outputs[0]!]);
  let mask = is(index);
  for (let before = 0; before < index; before++) mask = builder.add('And', [mask, builder.add('Not', [is(before)])]);
  return builder.add('Where', [mask, gradient, builder.scalar(0)]);
});

export const ARITHMETIC: OperatorTable = {
  Add: broadcasting(pass, pass),
  Sub: broadcasting(pass, negated),
  Mul: broadcasting(timesInput(1), timesInput(0)),
  Div: broadcasting(
    ({ builder, node }, gradient) => builder.add('Div', [gradient, node.inputs[1]!]),
    ({ builder, node }, gradient) => {
      const quotient = builder.add('Div', [node.outputs[0]!, node.inputs[1]!]);
      return builder.add('Neg', [builder.add('Mul', [gradient, quotient])]);
    },
  ),
  Pow: broadcasting(
    ({ builder, node }, gradient) => {
      const [base, exponent] = node.inputs as [string, string];
      const lower = builder.add('Pow', [base, builder.add('Sub', [exponent, builder.scalar(1)])]);
      return builder.add('Mul', [gradient, builder.add('Mul', [exponent, lower])]);
    },
    ({ builder, node }, gradient) => {
      const slope = builder.add('Mul', [node.outputs[0]!, builder.add('Log', [node.inputs[0]!])]);
      return builder.add('Mul', [gradient, slope]);
    },
  ),
  Sum: variadic((_, gradient) => gradient),
  Mean: variadic(({ builder, inputs }, gradient) => builder.add('Mul', [gradient, builder.scalar(1 / inputs.length)])),
  Max: chosen,
  Min: chosen,
  Where: broadcasting(
    undefined,
    ({ builder, node }, gradient) => builder.add('Where', [node.inputs[0]!, gradient, builder.scalar(0)]),
    ({ builder, node }, gradient) => builder.add('Where', [node.inputs[0]!, builder.scalar(0), gradient]),
  ),
  Equal: broadcasting(),
  Greater: broadcasting(),
  GreaterOrEqual: broadcasting(),
  Less: broadcasting(),
  LessOrEqual: broadcasting(),
  And: broadcasting(),
  Or: broadcasting(),
};
