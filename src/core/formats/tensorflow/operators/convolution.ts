import { damaged } from '../../failure.ts';
import { samePads } from '../../padding.ts';
import { hasBatch } from '../batch.ts';
import { Unsupported, type Layout, type OpCall } from '../call.ts';
import { describeNode, ints, text, texts } from '../node.ts';
import { computed, type Blocks, type Computed } from '../result.ts';
import { fused } from './fused.ts';
import type { OpTable, OpWriter } from './operator.ts';

/** H×W×I×O → O×I×H×W. */
const KERNEL: Layout = { perm: [3, 2, 0, 1] };

/** H×W×C×M → (C·M)×1×H×W: each channel has M filters of its own. */
const DEPTHWISE: Layout = { perm: [2, 3, 0, 1], shape: ([c, m, h, w]) => [c! * m!, 1, h!, w!] };

/** The numbers for height and width in a list with one for each axis of the image. */
export function spatial(call: OpCall, name: string): readonly [number, number] {
  const list = ints(call.node, name);
  if (!list?.length) return [1, 1];
  const [h, w] = call.imagesChannelsLast ? [list[1], list[2]] : [list[2], list[3]];
  if (list.length !== 4 || !(h! > 0) || !(w! > 0))
    throw damaged(
      `${describeNode(call.node)} has ${name} = [${list.join(', ')}]; four sizes were expected; the file is damaged`,
    );
  return [h!, w!];
}

/** Pads of a window that is moved over an image, as the node's `padding` says. */
export function pads(
  call: OpCall,
  sizes: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[] = [1, 1],
): readonly number[] {
  const padding = text(call.node, 'padding', 'VALID');
  if (padding === 'SAME') return samePads(sizes, kernel, strides, dilations);
  if (padding === 'VALID') return [0, 0, 0, 0];
  const list = ints(call.node, 'explicit_paddings') ?? [];
  if (padding !== 'EXPLICIT' || list.length !== 8)
    throw damaged(
      `${describeNode(call.node)} has padding '${padding}' [${list.join(', ')}]; SAME or VALID was expected; the file is damaged`,
    );
  const [top, bottom, left, right] = call.imagesChannelsLast ? list.slice(2, 6) : list.slice(4, 8);
  return [top!, left!, bottom!, right!];
}

const shapeOf = (call: OpCall, tensor: string) => call.shape(computed(tensor, false));

/** A convolution; `layout` of its kernel, `part` of its node's name. */
function convolved(call: OpCall, layout: Layout, part: string): Computed {
  const image = call.image();
  const strides = spatial(call, 'strides');
  const dilations = spatial(call, 'dilations');
  return convolve(call, { image, layout, strides, dilations, part });
}

interface Convolution {
  readonly image: Computed;
  readonly layout: Layout;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Where the node does not say them. */
  readonly pads?: readonly number[];
  readonly part: string;
}

function convolve(call: OpCall, { image, layout, strides, dilations, pads: given, part }: Convolution): Computed {
  const kernel = call.weight(1, 4, layout);
  const [, perGroup, ...window] = shapeOf(call, kernel) as [number, number, ...number[]];
  const [, channels, ...sizes] = call.shape(image) as [number, number, ...number[]];
  const group = channels / perGroup;
  if (!Number.isInteger(group))
    throw damaged(
      `${describeNode(call.node)} has kernels of ${perGroup} channels for ${channels}; the file is damaged`,
    );
  const own = given ?? pads(call, sizes, window, strides, dilations);
  const attributes = { kernel_shape: window, strides, dilations, pads: own, group };
  return computed(call.add('Conv', [image.tensor, kernel], attributes, part), image.channelsLast);
}

/** A convolution of windows that are images of their own: it is written when they are put together again. */
function ofBlocks(call: OpCall, blocks: Blocks, layout: Layout): Blocks {
  const plain = [spatial(call, 'strides'), spatial(call, 'dilations')].flat().every((size) => size === 1);
  if (blocks.convolve || !plain || text(call.node, 'padding') !== 'VALID' || texts(call.node, 'fused_ops').length > 0)
    throw new Unsupported('it works on blocks of an image');
  const { image, dilations } = blocks;
  return {
    ...blocks,
    convolve: (pads) => convolve(call, { image, layout, strides: [1, 1], dilations, pads, part: '' }),
  };
}

const convolution =
  (layout: Layout): OpWriter =>
  (call) => {
    const input = call.input(0);
    if (input.kind === 'blocks') return [ofBlocks(call, input, layout)];
    return [fused(call, (part) => convolved(call, layout, part))];
  };

const conv2d = convolution(KERNEL);
const depthwise = convolution(DEPTHWISE);

/** The gradient of a convolution with respect to its input, as upsampling networks use it. */
const conv2dTranspose: OpWriter = (call) => {
  const image = call.image(2);
  const weights = call.weight(1, 4, KERNEL); // in a convolution's terms: its outputs are what comes in here
  const [, , ...window] = shapeOf(call, weights) as [number, number, number, number];
  const [, , ...sizes] = call.shape(image);
  const items = call.items(0);
  const wanted = (call.imagesChannelsLast ? items.slice(1, 3) : items.slice(2, 4)).map((size) => {
    if (hasBatch(size)) throw new Unsupported('it needs the batch size as a number');
    return size;
  });
  const strides = spatial(call, 'strides');
  const dilations = spatial(call, 'dilations');
  const begin = pads(call, wanted, window, strides, dilations).slice(0, 2);
  const whole = sizes.map((size, i) => (size - 1) * strides[i]! + dilations[i]! * (window[i]! - 1) + 1);
  const rest = whole.map((size, i) => size - begin[i]! - wanted[i]!);
  const attributes = {
    kernel_shape: window,
    strides,
    dilations,
    pads: [...begin, ...rest.map((size) => Math.max(0, size))],
    output_padding: rest.map((size) => Math.max(0, -size)),
  };
  return [computed(call.add('ConvTranspose', [image.tensor, weights], attributes), image.channelsLast)];
};

export const CONVOLUTION_OPS: OpTable = {
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2D: depthwise,
  Conv2DBackpropInput: conv2dTranspose,
  _FusedConv2D: conv2d,
  FusedDepthwiseConv2dNative: depthwise,
  _FusedDepthwiseConv2dNative: depthwise,
};
