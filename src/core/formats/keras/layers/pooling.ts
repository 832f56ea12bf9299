import type { LayerBuilder } from '../call.ts';
import { pads } from './convolution.ts';

const pooling =
  (op: string): LayerBuilder =>
  (call) => {
    const image = call.image();
    const kernel = call.pair('pool_size', [2, 2]);
    const strides = call.pair('strides', kernel);
    const attributes = { kernel_shape: kernel, strides, pads: pads(call, image, kernel, strides) };
    return { result: { ...image, tensor: call.add(op, [image.tensor], attributes) } };
  };

/** The layer shows N×C×1×1, as the ONNX operator does; what follows takes N×C. */
const globalPooling =
  (op: string): LayerBuilder =>
  (call) => {
    const image = call.image();
    const output = call.add(op, [image.tensor]);
    if (call.flag('keepdims', false)) return { result: { ...image, tensor: output } };
    return { result: { tensor: call.add('Flatten', [output], { axis: 1 }, 'Flatten'), channelsLast: false }, output };
  };

export const POOLING_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  MaxPooling2D: pooling('MaxPool'),
  MaxPool2D: pooling('MaxPool'),
  AveragePooling2D: pooling('AveragePool'),
  AvgPool2D: pooling('AveragePool'),
  GlobalAveragePooling2D: globalPooling('GlobalAveragePool'),
  GlobalAvgPool2D: globalPooling('GlobalAveragePool'),
  GlobalMaxPooling2D: globalPooling('GlobalMaxPool'),
  GlobalMaxPool2D: globalPooling('GlobalMaxPool'),
};
