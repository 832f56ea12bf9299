import { float32 } from '../../../graph/tensor.ts';
import { gives, type AtenTable, type Call } from './call.ts';

/** As many zeros before as after each axis, or `same`: an odd one after. */
function padsOf(call: Call, kernel: readonly number[], dilations: readonly number[]): number[] {
  const mode = call.text('padding', '');
  if (mode === 'same') {
    const totals = kernel.map((size, i) => dilations[i]! * (size - 1));
    const begin = totals.map((total) => Math.floor(total / 2));
    return [...begin, ...totals.map((total, i) => total - begin[i]!)];
  }
  const pads = mode === 'valid' ? kernel.map(() => 0) : call.each('padding', kernel.length, 0);
  return [...pads, ...pads];
}

function convolve(call: Call, transposed: boolean): string {
  const [input, weight, bias] = [call.tensor('input'), call.tensor('weight'), call.optional('bias')];
  const kernel = call.shape(weight).slice(2);
  const given = call.draft.shapes.get(input);
  if (kernel.length === 0 || (given && given.length !== kernel.length + 2)) call.refuse('a batch is missing');
  const dilations = call.each('dilation', kernel.length, 1);
  const attributes = {
    kernel_shape: kernel,
    strides: call.each('stride', kernel.length, 1),
    pads: padsOf(call, kernel, dilations),
    dilations,
    group: call.whole('groups', 1),
  };
  const inputs = bias === '' ? [input, weight] : [input, weight, bias];
  if (!transposed) return call.add('Conv', inputs, attributes);
  const extra = call.each('output_padding', kernel.length, 0);
  return call.add('ConvTranspose', inputs, { ...attributes, ...(extra.some(Boolean) && { output_padding: extra }) });
}

const general = gives('input weight bias stride padding dilation transposed output_padding groups', (call) =>
  convolve(call, call.flag('transposed')),
);
const plain = gives('input weight bias stride padding dilation groups', (call) => convolve(call, false));
const transposed = gives('input weight bias stride padding output_padding groups dilation', (call) =>
  convolve(call, true),
);

/** As at inference, with the statistics that training left. */
function batchNorm(call: Call): string {
  if (call.flag('training')) call.refuse('batch statistics');
  const [mean, variance] = [call.optional('running_mean'), call.optional('running_var')];
  if (mean === '' || variance === '') call.refuse('batch statistics');
  const [channels] = call.shape(mean) as readonly [number];
  const filled = (value: number) =>
    call.draft.constant(`${call.name}/${value}`, float32(new Float32Array(channels).fill(value), [channels]));
  const scale = call.optional('weight') || filled(1);
  const shift = call.optional('bias') || filled(0);
  const epsilon = call.number('eps', 1e-5);
  return call.add('BatchNormalization', [call.tensor('input'), scale, shift, mean, variance], { epsilon });
}

const INFERENCE = 'input weight bias running_mean running_var momentum eps';

export const CONVOLUTION: AtenTable = {
  convolution: general,
  _convolution: general,
  conv1d: plain,
  conv2d: plain,
  conv3d: plain,
  conv_transpose1d: transposed,
  conv_transpose2d: transposed,
  conv_transpose3d: transposed,
  batch_norm: gives('input weight bias running_mean running_var training momentum eps', batchNorm),
  _native_batch_norm_legit_no_training: gives(INFERENCE, batchNorm),
};
