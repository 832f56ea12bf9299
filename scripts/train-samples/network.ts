import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../src/core/graph/graph.ts';
import { float32, type Tensor } from '../../src/core/graph/tensor.ts';
import { SIDE } from './digits.ts';
import { normal } from './random.ts';

export type SampleLayer =
  | { kind: 'Conv2D'; name: string; filters: number; size: number; inputs: number }
  | { kind: 'MaxPooling2D'; name: string }
  | { kind: 'Flatten'; name: string; channels: number; side: number }
  | { kind: 'Dense'; name: string; units: number; inputs: number; activation: 'relu' | 'softmax' };

/** Small enough to be read at a glance; the units of conv3 see 24×24 of the 28×28 pixels. */
export const LAYERS: readonly SampleLayer[] = [
  { kind: 'Conv2D', name: 'conv1', filters: 16, size: 5, inputs: 1 },
  { kind: 'MaxPooling2D', name: 'pool1' },
  { kind: 'Conv2D', name: 'conv2', filters: 32, size: 5, inputs: 16 },
  { kind: 'MaxPooling2D', name: 'pool2' },
  { kind: 'Conv2D', name: 'conv3', filters: 48, size: 3, inputs: 32 },
  { kind: 'Flatten', name: 'flatten', channels: 48, side: 2 },
  { kind: 'Dense', name: 'hidden', units: 64, inputs: 192, activation: 'relu' },
  { kind: 'Dense', name: 'digits', units: 10, inputs: 64, activation: 'softmax' },
];

export const INPUT = 'image';
export const LOGITS = 'digits/logits';

/** By name, `conv1/kernel`: O×I×H×W for convolutions, I×O for dense layers; `conv1/bias`: O. */
export type Weights = Map<string, Tensor<'float32'>>;

/** He's initial weights (He et al. 2015): normal, variance 2 / fan-in. */
export function initialWeights(random: () => number): Weights {
  const weights: Weights = new Map();
  for (const layer of LAYERS) {
    if (layer.kind !== 'Conv2D' && layer.kind !== 'Dense') continue;
    const convolution = layer.kind === 'Conv2D';
    const outputs = convolution ? layer.filters : layer.units;
    const shape = convolution ? [outputs, layer.inputs, layer.size, layer.size] : [layer.inputs, outputs];
    const fanIn = convolution ? layer.inputs * layer.size ** 2 : layer.inputs;
    const kernel = Float32Array.from({ length: fanIn * outputs }, () => normal(random) * Math.sqrt(2 / fanIn));
    weights.set(`${layer.name}/kernel`, float32(kernel, shape));
    weights.set(`${layer.name}/bias`, float32(new Float32Array(outputs), [outputs]));
  }
  return weights;
}

/**
 * The network up to its logits.
 * @param batch  a number of images, or BATCH for any
 * @param weight  says which tensor holds a weight: a constant, or an input while it is trained
 */
export function writeNetwork(builder: GraphBuilder, batch: number, weight: (name: string) => string): string {
  let x = builder.input(INPUT, [batch, 1, SIDE, SIDE]);
  for (const layer of LAYERS) {
    const { name } = layer;
    const parameters = () => [weight(`${name}/kernel`), weight(`${name}/bias`)];
    switch (layer.kind) {
      case 'Conv2D':
        x = builder.add('Conv', [x, ...parameters()], { kernel_shape: [layer.size, layer.size] }, name);
        x = builder.add('Relu', [x], {}, `${name}/relu`);
        break;
      case 'MaxPooling2D':
        x = builder.add('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] }, name);
        break;
      case 'Flatten':
        x = builder.add('Flatten', [x], {}, name);
        break;
      case 'Dense':
        if (layer.activation === 'softmax')
          return builder.addNode('Gemm', [x, ...parameters()], [LOGITS], {}, name)[0]!;
        x = builder.add('Gemm', [x, ...parameters()], {}, name);
        x = builder.add('Relu', [x], {}, `${name}/relu`);
    }
  }
  throw new Error('the last layer must be a softmax');
}

/** The trained network, as it is saved: any number of images in, probabilities out. */
export function trainedGraph(weights: Weights): Graph {
  const builder = new GraphBuilder();
  const logits = writeNetwork(builder, BATCH, (name) => builder.constant(name, weights.get(name)!));
  return builder.graph([builder.add('Softmax', [logits], { axis: -1 }, 'digits/softmax')]);
}
