import type { GraphBuilder } from '../builder.ts';
import type { Shape } from '../graph.ts';
import { reach, slide, type Window } from '../windows.ts';

/** A convolution whose input gradient is written. */
export interface Convolution {
  readonly builder: GraphBuilder;
  /** Name of the weights in the graph, and their shape, O×(I/group)×kH×kW. */
  readonly name: string;
  readonly weights: Shape;
  readonly window: Window;
  readonly group: number;
}

/**
 * ∂/∂x of a convolution, from that of its output. Stride 1: a convolution with the kernel rotated and its channel axes
 * swapped, which runs much faster than `ConvTranspose`. Larger strides: with zeros between the values, where that
 * multiplies few operations (a depthwise kernel, or one of a single value, before which the zeros need not be there); else
 * `ConvTranspose`.
 *
 * @param sizes  of x, along the spatial axes
 */
export function convolutionInputGradient(convolution: Convolution, gradient: string, sizes: Shape): string {
  const { builder, weights, window, group } = convolution;
  const [filters, perGroup, ...kernel] = weights as [number, number, ...number[]];
  const out = slide(sizes, window);
  if (window.strides.every((stride) => stride === 1)) return turned(convolution, gradient, out, sizes);
  if (perGroup === 1 && filters === group) {
    const apart = spread(builder, gradient, out, window.strides);
    return turned(convolution, apart, times(out, window.strides), sizes);
  }
  if ([...kernel.map((size) => size - 1), ...window.begin, ...window.end].every((more) => more === 0)) {
    const apart = spread(builder, turned(convolution, gradient, out, out), out, window.strides);
    const ends = sizes.map((size, i) => size - out[i]! * window.strides[i]!);
    return crop(
      builder,
      apart,
      ends.map(() => 0),
      ends,
      times(out, window.strides),
    );
  }
  return transposed(convolution, gradient, out, sizes);
}

const times = (sizes: Shape, strides: readonly number[]) => sizes.map((size, i) => size * strides[i]!);

/**
 * The convolution with the rotated kernel, from maps of sizes `from` to maps of sizes `to`. Padding that would go negative
 * (more than the kernel reaches) is cut off first.
 */
function turned({ builder, name, weights, window, group }: Convolution, x: string, from: Shape, to: Shape): string {
  const begin = window.begin.map((pad, i) => reach(window, i) - 1 - pad);
  const end = to.map((size, i) => size + reach(window, i) - 1 - begin[i]! - from[i]!);
  const cut = crop(builder, x, begin, end, from);
  const pads = [...begin, ...end].map((pad) => Math.max(pad, 0));
  const kernel = rotated(builder, name, weights, group);
  return builder.add('Conv', [cut, kernel], { pads, dilations: window.dilations, group }, `${name}/input_gradient`);
}

/** Each value at the first place of `strides` places, the others zero: enlarged, then masked, which runtimes do fastest. */
function spread(builder: GraphBuilder, x: string, sizes: Shape, strides: readonly number[]): string {
  const scales = builder.floats('scales', [1, 1, ...strides], [strides.length + 2]);
  const modes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const enlarged = builder.add('Resize', [x, '', scales], modes);
  let mask = [1];
  times(sizes, strides).forEach((size, axis) => {
    const line = Array.from({ length: size }, (_, at) => (at % strides[axis]! === 0 ? 1 : 0));
    mask = mask.flatMap((value) => line.map((own) => value * own));
  });
  return builder.add('Mul', [enlarged, builder.floats('mask', mask, [1, 1, ...times(sizes, strides)])]);
}

function transposed(convolution: Convolution, gradient: string, out: Shape, sizes: Shape): string {
  const { builder, name, window, group } = convolution;
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
