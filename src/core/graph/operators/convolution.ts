import type { GraphBuilder } from '../builder.ts';
import { elements, type Tensor } from '../tensor.ts';
import { inputShape, list, number, type OperatorTable, type ShapeContext } from '../operator.ts';
import type { Shape } from '../graph.ts';
import { reach, slide, windowOf, type Window } from '../windows.ts';

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
      const weights = context.constant(1);
      if (!weights || context.wanted[1]) throw new Error('no gradient for weights that are computed');
      const window = windowOf(context, weights.shape.slice(2));
      const sizes = inputShape(context, 0).slice(2);
      const group = number(context.node, 'group', 1);
      const gradient = context.gradients[0]!;
      return [
        convolutionInputGradient(context.builder, gradient, context.node.inputs[1]!, weights, window, group, sizes),
      ];
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

/**
 * ∂/∂x of a convolution. Stride 1: a convolution with the kernel rotated and its channel axes swapped, which runs much
 * faster than `ConvTranspose`; padding that would go negative (more than the kernel reaches) is cut off first.
 * Larger strides: `ConvTranspose`, whose output padding restores the rows that the last window left out.
 *
 * @param weights  O×(I/group)×kH×kW, whose name in the graph is `name`
 * @param sizes  of x, along the spatial axes
 */
export function convolutionInputGradient(
  builder: GraphBuilder,
  gradient: string,
  name: string,
  weights: Tensor,
  window: Window,
  group: number,
  sizes: Shape,
): string {
  const out = slide(sizes, window);
  if (window.strides.every((stride) => stride === 1)) {
    const begin = window.begin.map((pad, i) => reach(window, i) - 1 - pad);
    const end = window.end.map((pad, i) => reach(window, i) - 1 - pad);
    const cut = crop(builder, gradient, begin, end, out);
    const pads = [...begin, ...end].map((pad) => Math.max(pad, 0));
    const rotated = `${name}/rotated`;
    if (!builder.constants.has(rotated)) builder.constant(rotated, rotate(weights, group));
    return builder.add('Conv', [cut, rotated], { pads, dilations: window.dilations, group }, `${name}/input_gradient`);
  }
  const rest = sizes.map(
    (size, i) => size + window.begin[i]! + window.end[i]! - (out[i]! - 1) * window.strides[i]! - reach(window, i),
  );
  // output_padding must stay below the stride; rows that no window reached at all are zeros, padded on.
  const beyond = rest.map((r, i) => Math.max(0, r - window.end[i]! - (window.strides[i]! - 1)));
  const attributes = {
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.begin, ...window.end],
    output_padding: rest.map((r, i) => r - beyond[i]!),
    group,
  };
  const grown = builder.add('ConvTranspose', [gradient, name], attributes, `${name}/input_gradient`);
  if (beyond.every((rows) => rows === 0)) return grown;
  const zeros = beyond.map(() => 0);
  return builder.add('Pad', [grown, builder.ints([0, 0, ...zeros, 0, 0, ...beyond])]);
}

/** Cuts off what negative padding means. */
function crop(
  builder: GraphBuilder,
  x: string,
  begin: readonly number[],
  end: readonly number[],
  sizes: Shape,
): string {
  if ([...begin, ...end].every((pad) => pad >= 0)) return x;
  const starts = begin.map((pad) => Math.max(-pad, 0));
  const ends = end.map((pad, i) => sizes[i]! - Math.max(-pad, 0));
  const axes = sizes.map((_, i) => i + 2);
  return builder.add('Slice', [x, builder.ints(starts), builder.ints(ends), builder.ints(axes)]);
}

/** O×(I/g)×k… → I×(O/g)×k…, each kernel rotated by 180°. */
function rotate(weights: Tensor, group: number): Tensor {
  const [filters, perGroup] = weights.shape as [number, number];
  const kernel = weights.shape.slice(2);
  const size = elements(kernel);
  const perGroupOut = filters / group;
  const source = weights.data as Float32Array;
  const data = new Float32Array(source.length);
  for (let g = 0; g < group; g++)
    for (let o = 0; o < perGroupOut; o++)
      for (let i = 0; i < perGroup; i++) {
        const from = ((g * perGroupOut + o) * perGroup + i) * size;
        const to = ((g * perGroup + i) * perGroupOut + o) * size;
        for (let k = 0; k < size; k++) data[to + k] = source[from + size - 1 - k]!;
      }
  return { dtype: 'float32', shape: [group * perGroup, perGroupOut, ...kernel], data };
}
