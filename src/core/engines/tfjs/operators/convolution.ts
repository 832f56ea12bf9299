import { number, text } from '../../../graph/operator.ts';
import { windowOf } from '../../../graph/windows.ts';
import type { TfTensor } from '../device.ts';
import { input, made, type KernelTable, type Run } from '../kernel.ts';
import { asImages } from '../rank.ts';
import { transposedConvolution } from '../transposed.ts';
import type { Value } from '../value.ts';

export const CONVOLUTION: KernelTable = {
  Conv: asImages((run) => [convolution(run)]),
  ConvTranspose: asImages((run) => [transposedConvolution(run)]),
};

/** An attribute of ours: what follows a convolution in the same kernel, by TensorFlow's name. */
const ACTIVATION = 'activation';

function convolution(run: Run): Value {
  const { device } = run;
  const weights = input(run, 1);
  const window = windowOf(run.context, weights.shape.slice(2));
  const group = number(run.node, 'group', 1);
  const [filters, perGroup] = weights.shape as [number, number];
  const x = input(run, 0).get('last');
  const bias = run.inputs[2]?.get('onnx');
  const attributes = {
    strides: [...window.strides],
    dilations: [...window.dilations],
    pad: window.begin.map((pad, i) => [pad, window.end[i]!]),
    activation: text(run.node, ACTIVATION, 'linear'),
  };
  const turned = (perm: number[]) => device.run('Transpose', { x: weights.get('onnx') }, { perm });
  if (group === 1) {
    const filter = weights.prepared('HWIO', () => turned([2, 3, 1, 0]));
    return made(run, convolve(run, 'Conv2D', x, filter, bias, attributes), 'last');
  }
  if (perGroup === 1) {
    // O = I·M outputs, in the order of the inputs, as TensorFlow has them.
    const filter = weights.prepared('HWIM', () =>
      device.reshape(turned([2, 3, 0, 1]), [...window.kernel, group, filters / group]),
    );
    return made(run, convolve(run, 'DepthwiseConv2D', x, filter, bias, attributes), 'last');
  }
  const share = (tensor: TfTensor, size: number, g: number) => {
    const axis = tensor.shape.length - 1;
    const begin = tensor.shape.map((_, i) => (i === axis ? g * size : 0));
    return device.run('Slice', { x: tensor }, { begin, size: tensor.shape.map((all, i) => (i === axis ? size : all)) });
  };
  const parts = Array.from({ length: group }, (_, g) => {
    const each = filters / group;
    const filter = weights.prepared(`HWIO ${g}`, () => share(turned([2, 3, 1, 0]), each, g));
    return convolve(run, 'Conv2D', share(x, perGroup, g), filter, bias && share(bias, each, g), attributes);
  });
  return made(run, device.run('Concat', parts, { axis: 3 }), 'last');
}

/** Of an image N×H×W×C, with a filter in TensorFlow's order. */
export function convolve(
  { device }: Run,
  kind: 'Conv2D' | 'DepthwiseConv2D',
  x: TfTensor,
  filter: TfTensor,
  bias: TfTensor | undefined,
  attributes: { readonly pad: readonly (readonly number[])[]; readonly strides: readonly number[] },
): TfTensor {
  const paddings = [[0, 0], ...attributes.pad, [0, 0]];
  const given = { dilations: [1, 1], activation: 'linear', dataFormat: 'NHWC', ...attributes };
  const inputs = { x, filter, ...(bias && { bias }) };
  if (!device.native) return device.run(`Fused${kind}`, inputs, { ...given, pad: paddings });
  const padded = attributes.pad.flat().some((pad) => pad > 0);
  const image = padded ? device.run('PadV2', { x }, { paddings, constantValue: 0 }) : x;
  return device.run(`Fused${kind}`, { ...inputs, x: image }, { ...given, pad: 'valid' });
}
