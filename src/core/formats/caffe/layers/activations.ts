import type { LayerBuilder } from '../call.ts';

const node =
  (op: string): LayerBuilder =>
  (call) => [call.add(op, [call.input])];

const relu: LayerBuilder = (call) => {
  const alpha = call.param('relu_param').number('negative_slope', 0);
  return [alpha === 0 ? call.add('Relu', [call.input]) : call.add('LeakyRelu', [call.input], { alpha })];
};

const softmax: LayerBuilder = (call) => [
  call.add('Softmax', [call.input], { axis: call.axis(call.param('softmax_param').number('axis', 1)) }),
];

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ReLU: relu,
  Sigmoid: node('Sigmoid'),
  TanH: node('Tanh'),
  BNLL: node('Softplus'),
  AbsVal: node('Abs'),
  Softmax: softmax,
  Dropout: node('Identity'),
};
