import type { GraphBuilder } from '../builder.ts';
import { OPERATORS } from '../operators/index.ts';
import type { GradientContext, GradientFunction } from '../operator.ts';
import type { BackwardRule } from './rule.ts';
import { withoutSwitches } from './switches.ts';

/** Activation functions and local normalisation: left out of a linear combination. */
export const LEFT_OUT: readonly string[] = [
  'Relu',
  'Clip',
  'LeakyRelu',
  'PRelu',
  'ThresholdedRelu',
  'Elu',
  'Selu',
  'Sigmoid',
  'HardSigmoid',
  'HardSwish',
  'Tanh',
  'Softplus',
  'Softsign',
  'LRN',
];

const refuse =
  (why: string): GradientFunction =>
  () => {
    throw new Error(`${why}, which no sum of filters can stand for; choose a layer before it`);
  };

const CURVES = ['Exp', 'Log', 'Sqrt', 'Reciprocal', 'Abs', 'Sin', 'Cos', 'Erf', 'Pow'];
const CHOICES = [
  'Max',
  'Min',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'Where',
  'ArgMax',
  'ArgMin',
  'TopK',
  'GatherElements',
];

const makerOf = (builder: GraphBuilder, tensor: string) =>
  builder.nodes.find(({ outputs }) => outputs.includes(tensor));

/** x · σ(x) is an activation function of x (SiLU, swish); any other product of two activations is a gate. */
const product: GradientFunction = (context: GradientContext) => {
  const { builder, node, wanted, gradients } = context;
  if (!wanted[0] || !wanted[1]) return OPERATORS['Mul']!.gradient!(context);
  const gates = (gate: number, x: number) => {
    const maker = makerOf(builder, node.inputs[gate]!);
    return /^(Hard)?Sigmoid$/.test(maker?.op ?? '') && maker!.inputs[0] === node.inputs[x];
  };
  if (gates(1, 0)) return [gradients[0], undefined];
  if (gates(0, 1)) return [undefined, gradients[0]];
  throw new Error(
    'it multiplies two activations (a gate), which no sum of filters can stand for; choose a layer before it',
  );
};

/** Linear in one input alone. */
const inOne =
  (op: 'Div' | 'MatMul' | 'Gemm', index: 0 | 1): GradientFunction =>
  (context) => {
    if (!context.wanted[index] || (op !== 'Div' && !context.wanted[0])) return OPERATORS[op]!.gradient!(context);
    throw new Error(`it ${op === 'Div' ? 'divides by' : 'multiplies'} activations; choose a layer before it`);
  };

/** What stands for a max-pool: the mean of its window, or the value at its centre alone. */
export type LinearPooling = 'mean' | 'centre';

const means: Readonly<Record<string, GradientFunction>> = {
  MaxPool: (context) => OPERATORS['AveragePool']!.gradient!(context),
  GlobalMaxPool: (context) => OPERATORS['GlobalAveragePool']!.gradient!(context),
};

/**
 * The network as the linear map that remains when its activation functions are left out: what one unit's weights make of the
 * filters below it, down to the input, overlaps added up (Erhan, Bengio, Courville & Vincent 2009, §4.2; Lee et al. 2008).
 * A max-pool stands for its stride, with the mean of its window or its centre (`withoutSwitches`). Batch normalisation is its
 * scale. It does not depend on the image. Operators that no linear map stands for throw, with the reason.
 */
export const linearRule = (pooling: LinearPooling): BackwardRule => ({
  name: `linear,pooling=${pooling}`,
  gradients: {
    ...Object.fromEntries(LEFT_OUT.map((op) => [op, (({ gradients }) => [gradients[0]]) satisfies GradientFunction])),
    ...(pooling === 'mean' ? means : withoutSwitches),
    ...Object.fromEntries(CURVES.map((op) => [op, refuse('it bends its values')])),
    ...Object.fromEntries(CHOICES.map((op) => [op, refuse('it chooses among its values')])),
    ...Object.fromEntries(['Softmax', 'LogSoftmax'].map((op) => [op, refuse('it divides by the sum of its values')])),
    Mul: product,
    Div: inOne('Div', 1),
    MatMul: inOne('MatMul', 1),
    Gemm: inOne('Gemm', 1),
  },
});
