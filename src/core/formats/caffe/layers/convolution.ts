import type { Call, LayerBuilder } from '../call.ts';
import { bothEnds, pair } from './window.ts';

/** What convolution and deconvolution have in common. */
function settings(call: Call, depthwise = false) {
  const param = call.param('convolution_param');
  const outputs = param.number('num_output', 0);
  const [, channels] = call.image();
  const group = depthwise ? channels : param.number('group', 1);
  if (!(Number.isSafeInteger(outputs) && outputs > 0)) throw call.wrong(`num_output ${outputs}`);
  if (!(group > 0 && channels % group === 0 && outputs % group === 0))
    throw call.wrong(`group ${group} for ${channels} channels and ${outputs} outputs`);
  if (param.number('axis', 1) !== 1) throw call.wrong(`axis ${param.number('axis', 1)}; 1 was expected`);
  const kernel = pair(call, param, 'kernel_size', 'kernel');
  const attributes = {
    kernel_shape: kernel,
    strides: pair(call, param, 'stride', 'stride', 1),
    pads: bothEnds(pair(call, param, 'pad', 'pad', 0)),
    dilations: pair(call, param, 'dilation', 'dilation', 1),
    group,
  };
  return { outputs, channels, group, kernel, attributes, bias: param.flag('bias_term', true) };
}

const convolutionOf =
  (depthwise: boolean): LayerBuilder =>
  (call) => {
    const { outputs, channels, group, kernel, attributes, bias } = settings(call, depthwise);
    const weights = [call.weight(0, 'weight', [outputs, channels / group, ...kernel])];
    if (bias) weights.push(call.weight(1, 'bias', [outputs]));
    return [call.add('Conv', [call.input, ...weights], attributes)];
  };

/** Caffe's kernel stands as ONNX wants it, in×out/group×h×w. */
const deconvolution: LayerBuilder = (call) => {
  const { outputs, channels, group, kernel, attributes, bias } = settings(call);
  const weights = [call.weight(0, 'weight', [channels, outputs / group, ...kernel])];
  if (bias) weights.push(call.weight(1, 'bias', [outputs]));
  return [call.add('ConvTranspose', [call.input, ...weights], attributes)];
};

/** Σ over `axis` and all axes behind it; the kernel is out×in, with `transpose` in×out. */
const innerProduct: LayerBuilder = (call) => {
  const param = call.param('inner_product_param');
  const shape = call.shape();
  const axis = call.axis(param.number('axis', 1));
  const outputs = param.number('num_output', 0);
  const inputs = shape.slice(axis).reduce((product, size) => product * size, 1);
  const transposed = param.flag('transpose', false);
  if (axis === 0) throw call.wrong('axis 0, which would join images of a batch');
  const weight = call.weight(0, 'weight', transposed ? [inputs, outputs] : [outputs, inputs]);
  const bias = param.flag('bias_term', true) ? [call.weight(1, 'bias', [outputs])] : [];
  if (axis === 1) {
    const rows = shape.length === 2 ? call.input : call.add('Flatten', [call.input], { axis: 1 }, 'rows');
    return [call.add('Gemm', [rows, weight, ...bias], { transB: transposed ? 0 : 1 })];
  }
  const sizes = shape.slice(1, axis);
  const rows = call.add('Reshape', [call.input, call.ints([0, ...sizes, inputs])], {}, 'rows');
  const matrix = transposed ? weight : call.add('Transpose', [weight], { perm: [1, 0] }, 'turned');
  const product = call.add('MatMul', [rows, matrix], {}, bias.length > 0 ? 'product' : '');
  return [bias.length > 0 ? call.add('Add', [product, ...bias]) : product];
};

export const CONVOLUTION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Convolution: convolutionOf(false),
  ConvolutionDepthwise: convolutionOf(true),
  DepthwiseConvolution: convolutionOf(true),
  Deconvolution: deconvolution,
  InnerProduct: innerProduct,
};
