import { elements } from '../tensor.ts';
import { inputShape, list, number, type OperatorTable, type ShapeContext } from '../operator.ts';
import { reach, slide, windowOf } from '../windows.ts';
import { convolutionInputGradient } from './convolution-gradient.ts';

export const CONVOLUTION: OperatorTable = {
  Conv: {
    shape(context) {
      const [batch, channels, ...sizes] = inputShape(context, 0);
      const [filters, perGroup, ...kernel] = inputShape(context, 1);
      const group = number(context.node, 'group', 1);
      if (channels !== perGroup! * group || filters! % group !== 0)
        throw new Error(`${channels} channels do not fit weights for ${perGroup! * group} in ${group} groups`);
      return [[batch!, filters!, ...slide(sizes, windowOf(context, kernel))]];
    },
    flops: (context) => convolutionFlops(context, elements(context.outputs[0]!.slice(1))),
    gradient(context) {
      if (context.wanted[1]) throw new Error('no gradient for weights that are computed');
      const weights = inputShape(context, 1);
      const window = windowOf(context, weights.slice(2));
      const sizes = inputShape(context, 0).slice(2);
      const group = number(context.node, 'group', 1);
      const { builder, node, gradients } = context;
      const convolution = { builder, name: node.inputs[1]!, weights, window, group };
      return [convolutionInputGradient(convolution, gradients[0]!, sizes)];
    },
  },
  ConvTranspose: {
    shape(context) {
      const [batch, , ...sizes] = inputShape(context, 0);
      const [, perGroup, ...kernel] = inputShape(context, 1);
      const window = windowOf(context, kernel);
      const extra = list(context.node, 'output_padding', []);
      const grown = sizes.map((size, i) => {
        const padded = (size - 1) * window.strides[i]! + reach(window, i) + (extra[i] ?? 0);
        return padded - window.begin[i]! - window.end[i]!;
      });
      return [[batch!, perGroup! * number(context.node, 'group', 1), ...grown]];
    },
    flops: (context) => convolutionFlops(context, elements(inputShape(context, 0).slice(1))),
    gradient(context) {
      if (context.wanted[1]) throw new Error('no gradient for weights that are computed');
      const { kernel: _, ...window } = windowOf(context, inputShape(context, 1).slice(2));
      const { builder, node, gradients } = context;
      const attributes = {
        strides: window.strides,
        dilations: window.dilations,
        pads: [...window.begin, ...window.end],
        group: number(node, 'group', 1),
      };
      return [builder.add('Conv', [gradients[0]!, node.inputs[1]!], attributes, `${node.name}/gradient`)];
    },
  },
};

function convolutionFlops(context: ShapeContext, positions: number): number {
  return 2 * positions * elements(inputShape(context, 1).slice(1));
}
