import type { Call, LayerBuilder, Made } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';
import { activated, pads } from './convolution.ts';

/** A signal, N×length×channels (or N×channels×length), as an image of one row: N×C×1×L. */
function asRow(call: Call): KerasTensor {
  const { input } = call;
  const axis = call.imagesChannelsLast ? 1 : 2;
  const row = call.add('Unsqueeze', [input.tensor, call.ints([axis])], {}, 'row');
  if (!call.imagesChannelsLast) return { tensor: row, channelsLast: false };
  return { tensor: call.add('Transpose', [row], { perm: [0, 3, 1, 2] }, 'channels'), channelsLast: true };
}

/** The layer shows its maps of one row; what follows takes the signal. */
function asSignal(call: Call, { result, before }: Made): Made {
  const turned = call.imagesChannelsLast
    ? call.add('Transpose', [result.tensor], { perm: [0, 2, 3, 1] }, 'signal/channels')
    : result.tensor;
  const signal = call.add('Squeeze', [turned, call.ints([call.imagesChannelsLast ? 1 : 2])], {}, 'signal');
  return {
    result: { tensor: signal, channelsLast: false },
    output: result.tensor,
    ...(before !== undefined && { before }),
  };
}

/** One whole number, alone or in a list. */
function single(call: Call, name: string, fallback?: number): number {
  const given = call.layer.settings[name] ?? fallback;
  const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (!Number.isInteger(value) || (value as number) < 1) throw call.wrong(name, 'a whole number');
  return value as number;
}

/** Along the row; `causal` pads before it alone, so that nothing sees what comes later. */
function moved(call: Call, row: KerasTensor, window: number, stride: number, dilation = 1) {
  const [kernel, strides, dilations] = [window, stride, dilation].map((size) => [1, size]) as [
    number[],
    number[],
    number[],
  ];
  const causal = call.layer.settings.padding === 'causal';
  const around = causal ? [0, dilation * (window - 1), 0, 0] : pads(call, row, kernel, strides, dilations);
  return { kernel_shape: kernel, strides, pads: around, ...(dilation > 1 && { dilations }) };
}

const conv1d: LayerBuilder = (call) => {
  const row = asRow(call);
  const names = call.flag('use_bias', true) ? ['kernel', 'bias'] : ['kernel'];
  const kernel = call.weight('kernel', names, { perm: [2, 1, 0], shape: ([o, i, l]) => [o!, i!, 1, l!] });
  const bias = names.slice(1).map((name) => call.weight(name, names));
  const along = moved(
    call,
    row,
    single(call, 'kernel_size'),
    single(call, 'strides', 1),
    single(call, 'dilation_rate', 1),
  );
  const attributes = { ...along, group: call.number('groups', 1) };
  const tensor = call.add('Conv', [row.tensor, kernel, ...bias], attributes);
  return asSignal(call, activated(call, { ...row, tensor }));
};

const pooling =
  (op: string): LayerBuilder =>
  (call) => {
    const row = asRow(call);
    const size = single(call, 'pool_size', 2);
    const attributes = moved(call, row, size, single(call, 'strides', size));
    return asSignal(call, { result: { ...row, tensor: call.add(op, [row.tensor], attributes) } });
  };

/** Over the length: N×channels, or with `keepdims` N×1×channels. */
const globalPooling =
  (op: string): LayerBuilder =>
  (call) => {
    const axes = call.ints([call.imagesChannelsLast ? 1 : 2]);
    const tensor = call.add(op, [call.input.tensor, axes], { keepdims: Number(call.flag('keepdims', false)) });
    return { result: { tensor, channelsLast: false } };
  };

export const SIGNAL_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Conv1D: conv1d,
  Convolution1D: conv1d,
  MaxPooling1D: pooling('MaxPool'),
  MaxPool1D: pooling('MaxPool'),
  AveragePooling1D: pooling('AveragePool'),
  AvgPool1D: pooling('AveragePool'),
  GlobalAveragePooling1D: globalPooling('ReduceMean'),
  GlobalAvgPool1D: globalPooling('ReduceMean'),
  GlobalMaxPooling1D: globalPooling('ReduceMax'),
  GlobalMaxPool1D: globalPooling('ReduceMax'),
};
