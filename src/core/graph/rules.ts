import type { GradientFunction } from './operator.ts';

/** How the backward pass treats some operators; all others keep their gradient. Data, not a copy of the engine. */
export interface BackwardRule {
  readonly name: string;
  readonly gradients: Readonly<Record<string, GradientFunction>>;
}

/** The derivative as it is. */
export const gradientRule: BackwardRule = { name: 'gradient', gradients: {} };

/**
 * Lucid's redirected ReLU: in an image for which no gradient passes a ReLU at all, it is sent through as if the ReLU
 * were open, but for what would push a dead unit further down. Lets an optimisation start from dead units.
 * Olah, Mordvintsev & Schubert 2017; lucid `misc/redirected_relu_grad.py`.
 */
const redirected: GradientFunction = ({ builder: b, node, gradients, inputs }) => {
  const x = node.inputs[0]!;
  const g = gradients[0]!;
  const zero = b.scalar(0);
  const plain = b.add('Where', [b.add('Greater', [x, zero]), g, zero]);
  const pushesDown = b.add('And', [b.add('Less', [x, zero]), b.add('Less', [g, zero])]);
  const through = b.add('Where', [pushesDown, zero, g]);
  const axes = b.ints(inputs[0]!.map((_, axis) => axis).slice(1));
  const passed = b.add('ReduceSum', [b.add('Abs', [plain]), axes], { keepdims: 1 });
  return [b.add('Where', [b.add('Greater', [passed, zero]), plain, through])];
};

export const redirectedReluRule: BackwardRule = {
  name: 'redirected-relu',
  gradients: { Relu: redirected, Clip: redirected },
};
