import { samePads } from '../../padding.ts';
import { type Call, type Layout, type LayerBuilder, type Made } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';
import { activate } from './activations.ts';

/** H×W×I×O → O×I×H×W. */
const KERNEL = [3, 2, 0, 1];

/** O×I×H×W of a kernel; Keras 1 keeps it so where images are channels first. */
const kernelLayout = (call: Call): Layout => ({
  ...(!isOldChannelsFirst(call) && { perm: KERNEL }),
  rotated: call.shared.rotated,
});

const isOldChannelsFirst = (call: Call): boolean => call.shared.version < 2 && !call.imagesChannelsLast;

/** The names of a layer's weights: those given, and its bias where it has one. */
const withBias = (call: Call, ...names: readonly string[]): readonly string[] =>
  call.flag('use_bias', true) ? [...names, 'bias'] : names;

const bias = (call: Call, names: readonly string[]): string[] =>
  names.includes('bias') ? [call.weight('bias', names)] : [];

/** Pads of a window that is moved over an image, as the layer's `padding` says. */
export function pads(
  call: Call,
  image: KerasTensor,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[] = [1, 1],
): readonly number[] {
  const { padding } = call.layer.settings;
  if (padding !== undefined && padding !== 'valid' && padding !== 'same')
    throw call.wrong('padding', "'valid' or 'same'");
  if (padding !== 'same' || !call.knows(image)) return [0, 0, 0, 0];
  return samePads(call.shape(image).slice(2), kernel, strides, dilations);
}

/** A layer's result and, before it, what goes into its activation function. */
export function activated(call: Call, before: KerasTensor): Made {
  return { result: activate(call, before), before: before.tensor };
}

function moved(call: Call, image: KerasTensor) {
  const kernel = call.pair('kernel_size');
  const strides = call.pair('strides', [1, 1]);
  const dilations = call.pair('dilation_rate', [1, 1]);
  return { kernel_shape: kernel, strides, dilations, pads: pads(call, image, kernel, strides, dilations) };
}

const conv2d: LayerBuilder = (call) => {
  const image = call.image();
  const names = withBias(call, 'kernel');
  const kernel = call.weight('kernel', names, kernelLayout(call));
  const attributes = { ...moved(call, image), group: call.number('groups', 1) };
  return activated(call, {
    ...image,
    tensor: call.add('Conv', [image.tensor, kernel, ...bias(call, names)], attributes),
  });
};

/** H×W×C×M → (C·M)×1×H×W: each channel has M filters of its own. */
export const DEPTHWISE = {
  perm: [2, 3, 0, 1],
  shape: ([c, m, h, w]: readonly number[]) => [c! * m!, 1, h!, w!],
};

/** M×C×H×W, of Keras 1, likewise. */
const OLD_DEPTHWISE = { perm: [1, 0, 2, 3], shape: DEPTHWISE.shape };

function depthwise(
  call: Call,
  image: KerasTensor,
  name: string,
  names: readonly string[],
  rest: readonly string[],
  part = '',
) {
  const old = isOldChannelsFirst(call);
  const channels = call.shared.weights.require(call.path, name, names).shape[old ? 1 : 2]!;
  const kernel = call.weight(name, names, old ? OLD_DEPTHWISE : DEPTHWISE);
  return call.add('Conv', [image.tensor, kernel, ...rest], { ...moved(call, image), group: channels }, part);
}

const depthwiseConv2d: LayerBuilder = (call) => {
  const image = call.image();
  const names = withBias(call, 'depthwise_kernel');
  const tensor = depthwise(call, image, 'depthwise_kernel', names, bias(call, names));
  return activated(call, { ...image, tensor });
};

const separableConv2d: LayerBuilder = (call) => {
  const image = call.image();
  const names = withBias(call, 'depthwise_kernel', 'pointwise_kernel');
  const spread = depthwise(call, image, 'depthwise_kernel', names, [], 'depthwise');
  const pointwise = call.weight('pointwise_kernel', names, kernelLayout(call));
  const tensor = call.add('Conv', [spread, pointwise, ...bias(call, names)], { kernel_shape: [1, 1] });
  return activated(call, { ...image, tensor });
};

/** I×O×H×W, of H×W×O×I; Keras 1 has it as H×W×I×O, or O×I×H×W. */
function transposedLayout(call: Call): Layout {
  const old = call.imagesChannelsLast ? [2, 3, 0, 1] : [1, 0, 2, 3];
  return { perm: call.shared.version < 2 ? old : KERNEL, rotated: call.shared.rotated };
}

/** Height and width that a transposed convolution of Keras 1 says. */
function outputSize(call: Call): readonly number[] | undefined {
  const shape = call.layer.settings.output_shape;
  if (call.shared.version >= 2 || !Array.isArray(shape)) return undefined;
  const sizes: unknown[] = call.imagesChannelsLast ? shape.slice(1, 3) : shape.slice(2, 4);
  if (sizes.length === 2 && sizes.every((size) => Number.isInteger(size) && (size as number) > 0))
    return sizes as number[];
  throw call.wrong('output_shape', 'four sizes');
}

const conv2dTranspose: LayerBuilder = (call) => {
  const image = call.image();
  const names = withBias(call, 'kernel');
  const weights = call.weight('kernel', names, transposedLayout(call));
  const size = call.pair('kernel_size');
  const strides = call.pair('strides', [1, 1]);
  const dilations = call.pair('dilation_rate', [1, 1]);
  const extra = call.layer.settings.output_padding ? call.pair('output_padding', undefined, 0) : undefined;
  const same = call.layer.settings.padding === 'same';
  const wanted = outputSize(call);
  // What lies between the positions of a convolution with these settings and its input, by axis.
  const surplus = call
    .shape(image)
    .slice(2)
    .map((count, i) => {
      const reach = dilations[i]! * (size[i]! - 1) + 1;
      const whole = (count - 1) * strides[i]! + reach;
      if (wanted) return whole - wanted[i]!;
      if (extra) return same ? 2 * Math.floor(reach / 2) - extra[i]! : -extra[i]!;
      return whole - (same ? count * strides[i]! : count * strides[i]! + Math.max(reach - strides[i]!, 0));
    });
  const cut = surplus.map((total) => Math.max(0, total));
  const begin = cut.map((total) => Math.floor(total / 2));
  const attributes = {
    kernel_shape: size,
    strides,
    dilations,
    pads: [...begin, ...cut.map((total, i) => total - begin[i]!)],
    output_padding: surplus.map((total) => Math.max(0, -total)),
  };
  const tensor = call.add('ConvTranspose', [image.tensor, weights, ...bias(call, names)], attributes);
  return activated(call, { ...image, tensor });
};

/** Works on the last axis; on an image, where that is the channels, as a 1×1 convolution. */
const dense: LayerBuilder = (call) => {
  const { input } = call;
  const names = withBias(call, 'kernel');
  const rank = call.knows(input) ? call.shape(input).length : 2;
  if (input.channelsLast && rank === 4) {
    const kernel = call.weight('kernel', names, { perm: [1, 0], shape: ([o, i]) => [o!, i!, 1, 1] });
    return activated(call, { ...input, tensor: call.add('Conv', [input.tensor, kernel, ...bias(call, names)]) });
  }
  const kernel = call.weight('kernel', names);
  const x = { tensor: input.tensor, channelsLast: false };
  if (rank === 2) return activated(call, { ...x, tensor: call.add('Gemm', [x.tensor, kernel, ...bias(call, names)]) });
  const [added] = bias(call, names);
  const product = call.add('MatMul', [x.tensor, kernel], {}, added ? 'MatMul' : '');
  return activated(call, { ...x, tensor: added ? call.add('Add', [product, added]) : product });
};

export const CONVOLUTION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Conv2D: conv2d,
  Convolution2D: conv2d,
  AtrousConvolution2D: conv2d,
  DepthwiseConv2D: depthwiseConv2d,
  SeparableConv2D: separableConv2d,
  SeparableConvolution2D: separableConv2d,
  Conv2DTranspose: conv2dTranspose,
  Deconvolution2D: conv2dTranspose,
  Dense: dense,
};
