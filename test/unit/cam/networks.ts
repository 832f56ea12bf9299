import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Layer } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';

/** Writes a network by its layers; each is named as the tensor that it makes. */
export class Network {
  readonly builder = new GraphBuilder();
  readonly layers: Layer[] = [];

  constructor(readonly shape: readonly [number, number, number]) {
    this.builder.input('image', [BATCH, ...shape]);
  }

  conv(
    from: string,
    name: string,
    kernel: readonly number[],
    weights: readonly number[] | undefined = undefined,
  ): this {
    const count = kernel.reduce((product, size) => product * size, 1);
    const values = weights ?? Array.from({ length: count }, (_, i) => Math.sin(1.3 * i + name.length));
    this.builder.constant(`${name}/w`, float32(values, kernel));
    const pad = (kernel[2]! - 1) / 2;
    const window = { kernel_shape: kernel.slice(2), strides: [1, 1], pads: [pad, pad, pad, pad] };
    return this.add('Conv', [from, `${name}/w`], name, window);
  }

  dense(from: string, name: string, weights: readonly (readonly number[])[], bias: readonly number[]): this {
    this.builder.constant(`${name}/w`, float32(weights.flat(), [weights.length, weights[0]!.length]));
    this.builder.constant(`${name}/b`, float32(bias, [bias.length]));
    return this.add('Gemm', [from, `${name}/w`, `${name}/b`], name, { transB: 1 });
  }

  pool(op: 'MaxPool' | 'AveragePool', from: string, name: string, size: number): this {
    return this.add(op, [from], name, { kernel_shape: [size, size], strides: [size, size], pads: [0, 0, 0, 0] });
  }

  add(op: string, inputs: readonly string[], name: string, attributes = {}): this {
    this.builder.addNode(op, inputs, [name], attributes);
    this.layers.push({ name, kind: op, output: name, before: name, after: name, nodes: [name], weights: [] });
    return this;
  }

  graph(output: string): Graph {
    return this.builder.graph([output]);
  }

  async session(output: string): Promise<Session> {
    const input = { name: 'image', shape: [BATCH, ...this.shape], layout: 'NCHW' } as const;
    return new Session(
      {
        file: '/cam.onnx',
        format: 'onnx',
        sha256: '0'.repeat(64),
        graph: this.graph(output),
        inputs: [input],
        layers: this.layers,
        unknown: [],
        warnings: [],
      },
      await chooseEngine(),
      {
        input: { channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'squash' },
        source: 'guess',
        labels: ['cat', 'dog'],
      },
    );
  }
}

/** image 1×2×2 → ReLU(1×1 convolution: x, −x) → mean → two classes: 2a − b + 1, −a + 3b. Numbers that fit a page. */
export const byHand = (): Network =>
  new Network([1, 2, 2])
    .conv('image', 'conv', [2, 1, 1, 1], [1, -1])
    .add('Relu', ['conv'], 'relu')
    .add('GlobalAveragePool', ['relu'], 'pool')
    .add('Flatten', ['pool'], 'flatten', { axis: 1 })
    .dense('flatten', 'dense', [[2, -1], [-1, 3]], [1, 0]); // prettier-ignore
