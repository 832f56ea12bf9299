import type { GraphBuilder } from '../builder.ts';
import type { GradientFunction } from '../operator.ts';
import type { BackwardRule } from './rule.ts';

/** Between which bounds an activation function lets values through; `''` for none. */
type Bounds = (builder: GraphBuilder, inputs: readonly string[]) => readonly [low: string, high: string];

/**
 * Sends the gradient through a rectifier in those images for which it would end in all of the layer, but for what would
 * push a unit further out of its bounds. Lets an optimisation start from dead units.
 * Olah, Mordvintsev & Schubert 2017; lucid `misc/redirected_relu_grad.py` (there gradients of a loss, here of an objective).
 */
const redirected =
  (bounds: Bounds): GradientFunction =>
  ({ builder: b, node, gradients, inputs }) => {
    const x = node.inputs[0]!;
    const g = gradients[0]!;
    const zero = b.scalar(0);
    const [low, high] = bounds(b, node.inputs);
    const both = (op: 'And' | 'Or', masks: readonly string[]) => masks.reduce((all, mask) => b.add(op, [all, mask]));
    const inside = [...(low ? [b.add('Greater', [x, low])] : []), ...(high ? [b.add('Less', [x, high])] : [])];
    const outward = [
      ...(low ? [b.add('And', [b.add('Less', [x, low]), b.add('Less', [g, zero])])] : []),
      ...(high ? [b.add('And', [b.add('Greater', [x, high]), b.add('Greater', [g, zero])])] : []),
    ];
    if (inside.length === 0) return [g];
    const plain = b.add('Where', [both('And', inside), g, zero]);
    const through = b.add('Where', [both('Or', outward), zero, g]);
    const axes = b.ints(inputs[0]!.map((_, axis) => axis).slice(1));
    const passed = b.add('ReduceSum', [b.add('Abs', [plain]), axes], { keepdims: 1 });
    return [b.add('Where', [b.add('Greater', [passed, zero]), plain, through])];
  };

export const redirectedReluRule: BackwardRule = {
  name: 'redirected-relu',
  gradients: {
    Relu: redirected((b) => [b.scalar(0), '']),
    Clip: redirected((_, inputs) => [inputs[1] ?? '', inputs[2] ?? '']),
  },
};

/** Rectifiers let every gradient through: for units that even the redirected gradient does not wake. */
export const openReluRule: BackwardRule = {
  name: 'open-relu',
  gradients: { Relu: ({ gradients }) => [gradients[0]!], Clip: ({ gradients }) => [gradients[0]!] },
};
