import type { Attribute } from '../../../graph/graph.ts';
import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';
import { pair } from './window.ts';

/** How a pooling window moves along one axis. */
interface Axis {
  /** Padding behind the last value: no more than the last window reaches. */
  readonly end: number;
  /** Whether the last window reaches over the padding. */
  readonly over: boolean;
}

/**
 * ⌈(size + 2·pad − kernel) / stride⌉ + 1 windows; with padding, the last one must start inside the input or the padding
 * before it (Caffe, `PoolingLayer::Reshape`).
 */
function along(size: number, kernel: number, stride: number, pad: number, padded: boolean, ceil: boolean): Axis {
  const room = size + 2 * pad - kernel;
  let count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  if (padded && (count - 1) * stride >= size + pad) count--;
  const reached = (count - 1) * stride + kernel - size - pad;
  return { end: Math.min(Math.max(reached, 0), pad), over: reached > pad };
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
  const axes = sizes.map((size, i) => along(size, kernel[i]!, strides[i]!, pad[i]!, padded, ceil));
  const over = axes.some((axis) => axis.over);
  const pads = [...pad, ...axes.map(({ end }) => end)];
  const attributes = { kernel_shape: kernel, strides, ceil_mode: over ? 1 : 0 };
  if (method === 'MAX') return [call.add('MaxPool', [call.input], { ...attributes, pads })];
  return [average(call, attributes, pads, over)];
};

/** A mean over the padding too, but not over what lies behind it: where windows reach there, the padding is written out. */
function average(
  call: Call,
  attributes: Readonly<Record<string, Attribute>>,
  pads: readonly number[],
  over: boolean,
): string {
  if (!pads.some((pad) => pad > 0)) return call.add('AveragePool', [call.input], { ...attributes, pads });
  if (!over) return call.add('AveragePool', [call.input], { ...attributes, pads, count_include_pad: 1 });
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const wide = call.add('Pad', [call.input, call.ints([0, 0, top, left, 0, 0, bottom, right])], {}, 'pad');
  return call.add('AveragePool', [wide], { ...attributes, pads: [0, 0, 0, 0] });
}

export const POOLING_LAYERS: Readonly<Record<string, LayerBuilder>> = { Pooling: pooling };
