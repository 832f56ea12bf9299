import type { Attribute } from '../../../graph/graph.ts';
import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';
import { bothEnds, pair } from './window.ts';

/** How Caffe counts the positions of a pooling window along one axis. */
interface Positions {
  readonly count: number;
  /** Whether the last window reaches over the padded input. */
  readonly over: boolean;
}

/**
 * ⌈(size + 2·pad − kernel) / stride⌉ + 1 windows; with padding, the last one must start inside the input or the padding
 * before it (Caffe, `PoolingLayer::Reshape`).
 */
function positions(
  size: number,
  kernel: number,
  stride: number,
  pad: number,
  padded: boolean,
  ceil: boolean,
): Positions {
  const room = size + 2 * pad - kernel;
  let count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  if (padded && (count - 1) * stride >= size + pad) count--;
  return { count, over: count > Math.floor(room / stride) + 1 };
}

const pooling: LayerBuilder = (call) => {
  const param = call.param('pooling_param');
  const method = param.text('pool', 'MAX');
  if (method !== 'MAX' && method !== 'AVE') throw new UnknownSetting(method);
  if (call.layer.tops.length > 1) throw new UnknownSetting('with indices');
  if (param.flag('global_pooling', false))
    return [call.add(method === 'MAX' ? 'GlobalMaxPool' : 'GlobalAveragePool', [call.input])];
  const [, , ...sizes] = call.image();
  const kernel = pair(call, param, 'kernel_size', 'kernel');
  const strides = pair(call, param, 'stride', 'stride', 1);
  const pad = pair(call, param, 'pad', 'pad', 0);
  if (pad.some((value, axis) => value >= kernel[axis]!))
    throw call.wrong(`padding ${pad.join('×')} for a window of ${kernel.join('×')}; less was expected`);
  const padded = pad.some((value) => value > 0);
  const ceil = param.text('round_mode', 'CEIL') !== 'FLOOR' && param.flag('ceil_mode', true);
  const over = sizes.some((size, i) => positions(size, kernel[i]!, strides[i]!, pad[i]!, padded, ceil).over);
  const attributes = { kernel_shape: kernel, strides, ceil_mode: over ? 1 : 0 };
  if (method === 'MAX') return [call.add('MaxPool', [call.input], { ...attributes, pads: bothEnds(pad) })];
  return [average(call, attributes, pad, over)];
};

/** A mean over the padding too, but not over what lies behind it: where windows reach there, the padding is written out. */
function average(
  call: Call,
  attributes: Readonly<Record<string, Attribute>>,
  pad: readonly [number, number],
  over: boolean,
): string {
  const [h, w] = pad;
  if (h === 0 && w === 0) return call.add('AveragePool', [call.input], { ...attributes, pads: [0, 0, 0, 0] });
  if (!over) return call.add('AveragePool', [call.input], { ...attributes, pads: bothEnds(pad), count_include_pad: 1 });
  const wide = call.add('Pad', [call.input, call.ints([0, 0, h, w, 0, 0, h, w])], {}, 'pad');
  return call.add('AveragePool', [wide], { ...attributes, pads: [0, 0, 0, 0] });
}

export const POOLING_LAYERS: Readonly<Record<string, LayerBuilder>> = { Pooling: pooling };
