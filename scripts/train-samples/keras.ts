import { SIDE } from './digits.ts';
import { INPUT, LAYERS, type SampleLayer, type Weights } from './network.ts';

export const KERAS_VERSION = '2.15.0';

/** A weight as Keras lays it out: kernels H×W×I×O and I×O. */
export interface KerasWeight {
  readonly name: 'kernel' | 'bias';
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What Keras 2 calls `model_config`. */
export function modelConfig(): object {
  const input = {
    batch_input_shape: [null, SIDE, SIDE, 1],
    dtype: 'float32',
    sparse: false,
    ragged: false,
    name: INPUT,
  };
  const layers = LAYERS.map((layer) => ({
    class_name: layer.kind,
    config: { name: layer.name, trainable: true, dtype: 'float32', ...options(layer) },
  }));
  return {
    class_name: 'Sequential',
    config: { name: 'digits', layers: [{ class_name: 'InputLayer', config: input }, ...layers] },
  };
}

function options(layer: SampleLayer): object {
  const none = { kernel_regularizer: null, bias_regularizer: null, activity_regularizer: null };
  const constraints = { kernel_constraint: null, bias_constraint: null };
  const initializers = {
    kernel_initializer: { class_name: 'HeNormal', config: { seed: null } },
    bias_initializer: { class_name: 'Zeros', config: {} },
  };
  const rest = { use_bias: true, ...initializers, ...none, ...constraints };
  const window = { padding: 'valid', data_format: 'channels_last' };
  switch (layer.kind) {
    case 'Conv2D': {
      const size = [layer.size, layer.size];
      const geometry = { kernel_size: size, strides: [1, 1], ...window, dilation_rate: [1, 1], groups: 1 };
      return { filters: layer.filters, ...geometry, activation: 'relu', ...rest };
    }
    case 'MaxPooling2D':
      return { pool_size: [2, 2], ...window, strides: [2, 2] };
    case 'Flatten':
      return { data_format: 'channels_last' };
    case 'Dense':
      return { units: layer.units, activation: layer.activation, ...rest };
  }
}

/** The weights of a layer; none for layers without. */
export function kerasWeights(layer: SampleLayer, weights: Weights): KerasWeight[] {
  const kernel = weights.get(`${layer.name}/kernel`);
  const bias = weights.get(`${layer.name}/bias`);
  if (!kernel || !bias) return [];
  const before = LAYERS[LAYERS.indexOf(layer) - 1];
  const data =
    layer.kind === 'Conv2D'
      ? reorder(kernel.data, kernel.shape, [2, 3, 1, 0])
      : before?.kind === 'Flatten'
        ? // The rows of what was flattened: from C×H×W to H×W×C.
          reorder(kernel.data, [before.channels, before.side, before.side, kernel.shape[1]!], [1, 2, 0, 3])
        : kernel.data;
  const shape = layer.kind === 'Conv2D' ? [2, 3, 1, 0].map((axis) => kernel.shape[axis]!) : kernel.shape;
  return [
    { name: 'kernel', shape, data },
    { name: 'bias', shape: bias.shape, data: bias.data },
  ];
}

/** Transposes an array of four axes. */
function reorder(data: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [a, b, c, d] = perm.map((axis) => shape[axis]!) as [number, number, number, number];
  const [sa, sb, sc, sd] = perm.map((axis) => strides[axis]!) as [number, number, number, number];
  const result = new Float32Array(data.length);
  let to = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++) for (let l = 0; l < d; l++) result[to++] = data[i * sa + j * sb + k * sc + l * sd]!;
  return result;
}
