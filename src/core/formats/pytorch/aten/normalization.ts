import { gives, type AtenTable, type Call } from './call.ts';
import { TensorRef } from './values.ts';

/** (x − mean) / √(variance + ε) over the given axes. */
function standardised(call: Call, x: string, axes: readonly number[]): string {
  const { draft } = call;
  const mean = (tensor: string) => call.add('ReduceMean', [tensor, draft.ints(axes)], { keepdims: 1 });
  const centred = call.add('Sub', [x, mean(x)]);
  const variance = mean(call.add('Mul', [centred, centred]));
  const deviation = call.add('Sqrt', [call.add('Add', [variance, draft.scalar(call.number('eps', 1e-5))])]);
  return call.add('Div', [centred, deviation]);
}

/** Weight and bias, each as they are broadcast. */
function scaled(call: Call, x: string, shape?: readonly number[]): string {
  const fit = (name: string) => (shape ? (call.network.reshaped(name, shape) ?? call.reshape(name, shape)) : name);
  const product = call.has('weight') ? call.add('Mul', [x, fit(call.tensor('weight'))]) : x;
  return call.has('bias') ? call.add('Add', [product, fit(call.tensor('bias'))]) : product;
}

/** Over the last axes, as many as `normalized_shape` has (Ba, Kiros & Hinton 2016). */
function layerNorm(call: Call): string {
  const x = call.tensor('input');
  const rank = call.shape(x).length;
  const axes = call.numbers('normalized_shape').map((_, i, all) => rank - all.length + i);
  return scaled(call, standardised(call, x, axes));
}

/** Over groups of channels with their maps (Wu & He 2018). */
function groupNorm(call: Call, groups: number): string {
  const x = call.tensor('input');
  const shape = call.shape(x);
  const [n, channels, ...sizes] = shape as readonly [number, number, ...number[]];
  const grouped = call.reshape(x, [n, groups, -1]);
  const normal = call.reshape(standardised(call, grouped, [2]), shape);
  return scaled(call, normal, [channels, ...sizes.map(() => 1)]);
}

/** Over each map by itself, not with the statistics of training. */
function instanceNorm(call: Call): string {
  if (!call.flag('use_input_stats', true)) call.refuse('statistics of training');
  return groupNorm(call, call.shape(call.tensor('input'))[1]!);
}

const LAYER_NORM = 'input normalized_shape weight bias eps';

export const NORMALIZATION: AtenTable = {
  layer_norm: gives(LAYER_NORM, layerNorm),
  native_layer_norm: {
    parameters: LAYER_NORM.split(' '),
    write: (call) => [new TensorRef(layerNorm(call)), null, null],
  },
  group_norm: gives('input num_groups weight bias eps', (call) => groupNorm(call, call.whole('num_groups'))),
  native_group_norm: {
    parameters: 'input weight bias N C HxW group eps'.split(' '),
    write: (call) => [new TensorRef(groupNorm(call, call.whole('group'))), null, null],
  },
  instance_norm: gives(
    'input weight bias running_mean running_var use_input_stats momentum eps cudnn_enabled',
    instanceNorm,
  ),
};
