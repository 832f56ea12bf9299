import { differentiate } from '../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import type { Graph } from '../../src/core/graph/graph.ts';
import type { BackwardRule } from '../../src/core/graph/rules/index.ts';
import { inferShapes } from '../../src/core/graph/shapes.ts';
import { INPUT, writeNetwork, type Weights } from './network.ts';

/** What a training graph is fed and gives, beside the weights by their own names. */
export const TARGETS = 'targets';

export interface TrainingGraph {
  readonly graph: Graph;
  /** [N]: each image's cross entropy. */
  readonly loss: string;
  /** The tensor with ∂Σloss/∂image. */
  readonly imageGradient: string;
  /** The tensor with ∂Σloss/∂weight, by the weight's name. */
  readonly weightGradients: ReadonlyMap<string, string>;
}

/** Loss and all gradients of a batch; weights are inputs, so one compiled graph serves the whole training. */
export function trainingGraph(weights: Weights, batch: number): TrainingGraph {
  const builder = new GraphBuilder();
  const names = [...weights.keys()];
  for (const [name, { shape }] of weights) builder.input(name, shape);
  const logits = writeNetwork(builder, batch, (name) => name);
  const targets = builder.input(TARGETS, [batch, 10]);
  const likelihoods = builder.add('Mul', [builder.add('LogSoftmax', [logits], { axis: -1 }), targets]);
  const loss = builder.add('Neg', [builder.add('ReduceSum', [likelihoods, builder.ints([1])], { keepdims: 0 })]);
  const shapes = inferShapes(builder.graph([loss]));
  const gradients = differentiate(builder, shapes, loss, [INPUT, ...names], weightRule);
  const weightGradients = new Map(names.map((name) => [name, gradients.get(name)!]));
  const imageGradient = gradients.get(INPUT)!;
  return {
    graph: builder.graph([loss, imageGradient, ...weightGradients.values()]),
    loss,
    imageGradient,
    weightGradients,
  };
}

/**
 * Gradients of the two operators that have weights, when these are trained: for a convolution ∂/∂W is the convolution of
 * x by the gradient, where the batch takes the channels' place. (Stride 1, no padding.)
 */
const weightRule: BackwardRule = {
  name: 'training',
  gradients: {
    Conv({ builder, node, gradients, wanted }) {
      const [x, kernel] = node.inputs as [string, string];
      const g = gradients[0]!;
      const swap = (tensor: string) => builder.add('Transpose', [tensor], { perm: [1, 0, 2, 3] });
      return [
        wanted[0] ? builder.add('ConvTranspose', [g, kernel]) : undefined,
        swap(builder.add('Conv', [swap(x), swap(g)])),
        builder.add('ReduceSum', [g, builder.ints([0, 2, 3])], { keepdims: 0 }),
      ];
    },
    Gemm({ builder, node, gradients }) {
      const [x, kernel] = node.inputs as [string, string];
      const g = gradients[0]!;
      return [
        builder.add('Gemm', [g, kernel], { transB: 1 }),
        builder.add('Gemm', [x, g], { transA: 1 }),
        builder.add('ReduceSum', [g, builder.ints([0])], { keepdims: 0 }),
      ];
    },
  },
};
