import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';

/** Krizhevsky 2012, §3.3, across channels; within a channel, the mean of squares is over a window of each map. */
const lrn: LayerBuilder = (call) => {
  const param = call.param('lrn_param');
  const size = param.number('local_size', 5);
  if (!(Number.isSafeInteger(size) && size > 0 && size % 2 === 1))
    throw call.wrong(`local_size ${size}; an odd one was expected`);
  const [alpha, beta, bias] = [param.number('alpha', 1), param.number('beta', 0.75), param.number('k', 1)];
  const region = param.text('norm_region', 'ACROSS_CHANNELS');
  if (region === 'ACROSS_CHANNELS') return [call.add('LRN', [call.input], { size, alpha, beta, bias })];
  if (region !== 'WITHIN_CHANNEL') throw new UnknownSetting(region);
  call.image();
  const pad = (size - 1) / 2;
  const window = { kernel_shape: [size, size], strides: [1, 1], pads: [pad, pad, pad, pad], count_include_pad: 1 };
  const squares = call.add('Mul', [call.input, call.input], {}, 'squares');
  const mean = call.add('AveragePool', [squares], window, 'mean');
  const scaled = call.add('Mul', [mean, call.scalar(alpha)], {}, 'scaled');
  const sum = call.add('Add', [scaled, call.scalar(1)], {}, 'sum');
  return [call.add('Mul', [call.input, call.add('Pow', [sum, call.scalar(-beta)], {}, 'gain')])];
};

/** (x − mean) / √(variance + ε) with the statistics of training, which are stored as sums beside what they are sums of. */
const batchNorm: LayerBuilder = (call) => {
  const param = call.param('batch_norm_param');
  const channels = call.shape()[1] ?? 0;
  if (!param.flag('use_global_stats', true))
    call.warn("Its BatchNorm layers say 'use_global_stats: false'; the stored statistics are taken all the same.");
  const sum = call.single(2, 'scale factor');
  const factor = sum === 0 ? 0 : 1 / sum;
  const mean = call.weight(0, 'mean', [channels], factor);
  const variance = call.weight(1, 'variance', [channels], factor);
  const [ones, zeros] = [call.filled('ones', 1, channels), call.filled('zeros', 0, channels)];
  const epsilon = param.number('eps', 1e-5);
  return [call.add('BatchNormalization', [call.input, ones, zeros, mean, variance], { epsilon })];
};

/** The shape of a parameter that covers the axes from `axis` on, so that it is broadcast against the input. */
function covered(call: Call, param: { number(name: string, fallback: number): number }): number[] {
  const shape = call.shape();
  const axes = param.number('num_axes', 1);
  if (axes === 0) return [1];
  const axis = call.axis(param.number('axis', 1));
  const end = axes === -1 ? shape.length : axis + axes;
  if (axis === 0 || !(end > axis && end <= shape.length)) throw call.wrong(`axis ${axis}, num_axes ${axes}`);
  return [...shape.slice(axis, end), ...shape.slice(end).map(() => 1)];
}

/** The second bottom, whose axes stand from `axis` on, so that it is broadcast against the first. */
function aligned(call: Call, other: string, axis: number): string {
  const rank = call.shape().length;
  const shape = call.shape(other);
  const behind = rank - call.axis(axis) - shape.length;
  if (behind < 0) throw call.wrong(`a second bottom with ${shape.length} axes from axis ${axis} of ${rank} on`);
  if (behind === 0) return other;
  const sizes = shape.map((size, i) => (i === 0 && size < 0 ? 0 : size));
  return call.add('Reshape', [other, call.ints([...sizes, ...new Array<number>(behind).fill(1)])], {}, 'aligned');
}

/** γ · x + β; both learned, or γ the second bottom. */
const scale: LayerBuilder = (call) => {
  const param = call.param('scale_param');
  const [, other] = call.inputs;
  const bias = param.flag('bias_term', false);
  const factor =
    other === undefined ? call.weight(0, 'scale', covered(call, param)) : aligned(call, other, param.number('axis', 1));
  const product = call.add('Mul', [call.input, factor], {}, bias ? 'scaled' : '');
  if (!bias) return [product];
  if (other !== undefined) throw new UnknownSetting('of two inputs with a bias');
  return [call.add('Add', [product, call.weight(1, 'bias', covered(call, param))])];
};

const bias: LayerBuilder = (call) => {
  const param = call.param('bias_param');
  const [, other] = call.inputs;
  const term =
    other === undefined ? call.weight(0, 'bias', covered(call, param)) : aligned(call, other, param.number('axis', 1));
  return [call.add('Add', [call.input, term])];
};

/** Mean 0 and deviation 1 for each image and channel, or for each image. */
const mvn: LayerBuilder = (call) => {
  const param = call.param('mvn_param');
  call.image();
  const axes = call.ints(param.flag('across_channels', false) ? [1, 2, 3] : [2, 3]);
  const mean = call.add('ReduceMean', [call.input, axes], { keepdims: 1 }, 'mean');
  if (!param.flag('normalize_variance', true)) return [call.add('Sub', [call.input, mean])];
  const centred = call.add('Sub', [call.input, mean], {}, 'centred');
  const squares = call.add('Mul', [centred, centred], {}, 'squares');
  const variance = call.add('ReduceMean', [squares, axes], { keepdims: 1 }, 'variance');
  const deviation = call.add('Sqrt', [variance], {}, 'deviation');
  const wide = call.add('Add', [deviation, call.scalar(param.number('eps', 1e-9))], {}, 'divisor');
  return [call.add('Div', [centred, wide])];
};

/** x / ‖x‖ · scale, the norm over channels, or over the whole image (Liu et al. 2016, SSD, §3.1). */
const normalize: LayerBuilder = (call) => {
  const param = call.param('norm_param');
  const [, channels] = call.image();
  const axes = call.ints(param.flag('across_spatial', true) ? [1, 2, 3] : [1]);
  const squares = call.add('Mul', [call.input, call.input], {}, 'squares');
  const sum = call.add('ReduceSum', [squares, axes], { keepdims: 1 }, 'sum');
  const eased = call.add('Add', [sum, call.scalar(param.number('eps', 1e-10))], {}, 'eased');
  const unit = call.add('Div', [call.input, call.add('Sqrt', [eased], {}, 'norm')], {}, 'unit');
  const factor = call.weight(0, 'scale', param.flag('channel_shared', true) ? [1] : [channels, 1, 1]);
  return [call.add('Mul', [unit, factor])];
};

export const NORMALIZATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  LRN: lrn,
  BatchNorm: batchNorm,
  Scale: scale,
  Bias: bias,
  MVN: mvn,
  Normalize: normalize,
};
