import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH, type Shape } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Layer, Model } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';

/** A session on a network that `write` adds to, from the input `x` to the scores, whose name it returns. */
export async function sessionOn(shape: Shape, write: (builder: GraphBuilder) => string): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('x', shape);
  const scores = write(builder);
  const layers = builder.nodes.map(({ op, name, inputs, outputs }): Layer => {
    const [output] = outputs as [string];
    const weights = inputs.filter((input) => builder.constants.has(input));
    return { name: output, kind: op, output, before: output, after: output, nodes: [name], weights };
  });
  const model: Model = {
    file: '/hand.onnx',
    format: 'onnx',
    sha256: '0'.repeat(64),
    graph: builder.graph([scores]),
    inputs: [{ name: 'x', shape, layout: shape.length === 4 ? 'NCHW' : 'NF' }],
    layers,
    unknown: [],
    warnings: [],
  };
  const input = { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess', labels: ['cat', 'dog'] });
}

/**
 * h = relu(x₁ − x₂), relu(2x₁ + x₂ − 1); cat = 3h₁ − 2h₂, dog = h₁ + h₂. At x = (2, 1): h = (1, 4), cat −5, dog 5.
 */
export const handNetwork = (): Promise<Session> =>
  sessionOn([BATCH, 2], (builder) => {
    builder.constant('w1', float32([1, -1, 2, 1], [2, 2]));
    builder.constant('b1', float32([0, -1], [2]));
    builder.constant('w2', float32([3, -2, 1, 1], [2, 2]));
    builder.addNode('Gemm', ['x', 'w1', 'b1'], ['before'], { transB: 1 });
    builder.addNode('Relu', ['before'], ['hidden']);
    return builder.addNode('Gemm', ['hidden', 'w2'], ['scores'], { transB: 1 })[0]!;
  });

/** 2×2 values of 1 channel → one max-pool over all → the scores max, −max. */
export const poolNetwork = (): Promise<Session> =>
  sessionOn([BATCH, 1, 2, 2], (builder) => {
    builder.constant('w', float32([1, -1], [2, 1]));
    builder.addNode('MaxPool', ['x'], ['pool'], { kernel_shape: [2, 2], strides: [2, 2] });
    builder.addNode('Flatten', ['pool'], ['flat'], { axis: 1 });
    return builder.addNode('Gemm', ['flat', 'w'], ['scores'], { transB: 1 })[0]!;
  });

/** 1×3×3 → 1×1 convolution (×2) → relu → 1×1 convolutions to the classes (×1, ×−1) → mean over the map. */
export const meanNetwork = (): Promise<Session> =>
  sessionOn([BATCH, 1, 3, 3], (builder) => {
    builder.constant('w', float32([2], [1, 1, 1, 1]));
    builder.constant('v', float32([1, -1], [2, 1, 1, 1]));
    const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
    builder.addNode('Conv', ['x', 'w'], ['conv'], window);
    builder.addNode('Relu', ['conv'], ['relu']);
    builder.addNode('Conv', ['relu', 'v'], ['classes'], window);
    builder.addNode('GlobalAveragePool', ['classes'], ['means']);
    return builder.addNode('Flatten', ['means'], ['scores'], { axis: 1 })[0]!;
  });
