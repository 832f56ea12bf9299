import type { GraphBuilder } from '../builder.ts';
import { elements } from '../tensor.ts';
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
        convolutionInputGradient(
          context.builder,
          gradient,
          context.node.inputs[1]!,
          weights.shape,
          window,
          group,
          sizes,
        ),
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
 * @param weights  the shape of the weights called `name`: O×(I/group)×kH×kW
 * @param sizes  of x, along the spatial axes
 */
export function convolutionInputGradient(
  builder: GraphBuilder,
  gradient: string,
  name: string,
  weights: Shape,
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
    const kernel = rotated(builder, name, weights, group);
    return builder.add('Conv', [cut, kernel], { pads, dilations: window.dilations, group }, `${name}/input_gradient`);
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

/**
 * O×(I/g)×k… → I×(O/g)×k…, each kernel rotated by 180°: as nodes, which engines compute once, when they compile. So no
 * program holds weights of its own.
 */
function rotated(builder: GraphBuilder, name: string, shape: Shape, group: number): string {
  const [filters, perGroup, ...kernel] = shape as [number, number, ...number[]];
  const perGroupOut = filters / group;
  const spatial = kernel.map((_, i) => i);
  let weights = name;
  if (group === 1) weights = builder.add('Transpose', [weights], { perm: [1, 0, ...spatial.map((i) => i + 2)] });
  else if (perGroup > 1 || perGroupOut > 1) {
    const grouped = builder.add('Reshape', [weights, builder.ints([group, perGroupOut, perGroup, ...kernel])]);
    const swapped = builder.add('Transpose', [grouped], { perm: [0, 2, 1, ...spatial.map((i) => i + 3)] });
    weights = builder.add('Reshape', [swapped, builder.ints([group * perGroup, perGroupOut, ...kernel])]);
  }
  const axes = spatial.filter((i) => kernel[i]! > 1);
  if (axes.length === 0) return weights;
  const last = axes.map((i) => kernel[i]! - 1);
  const before = axes.map((i) => -kernel[i]! - 1);
  const turned = [last, before, axes.map((i) => i + 2), axes.map(() => -1)];
  return builder.add('Slice', [weights, ...turned.map((values) => builder.ints(values))], {}, `${name}/rotated`);
}
