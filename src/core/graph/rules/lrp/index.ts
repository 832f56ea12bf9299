import type { GradientFunction } from '../../operator.ts';
import { ACTIVATIONS } from '../../operators/activations.ts';
import { OPERATORS } from '../../operators/index.ts';
import type { BackwardRule } from '../rule.ts';
import { asGradient, passed, SAFE, shared } from './sharing.ts';
import { sharedBySign } from './signed.ts';
import { isGate } from './tracing.ts';

/**
 * Layer-wise relevance propagation (Bach 2015): what goes backward is no gradient but relevance, shares of the score that is
 * explained; it begins with the score itself. Where nothing has a bias, the relevance of the input sums up to the score.
 * A softmax at the end is to be left out by the caller: of its output it would explain the winner's logit alone.
 */
type Gradients = BackwardRule['gradients'];

const named = (ops: readonly string[], rule: (op: string) => GradientFunction): Gradients =>
  Object.fromEntries(ops.filter((op) => Object.hasOwn(OPERATORS, op)).map((op) => [op, rule(op)]));

const WINNERS = ['MaxPool', 'GlobalMaxPool', 'ReduceMax', 'ReduceMin', 'Max', 'Min', 'Where'];
const PLACES = [
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'DepthToSpace', 'Expand'],
  ...['Concat', 'Split', 'Slice', 'Pad', 'Gather', 'GatherElements', 'TopK'],
];
/** What they find says nothing of how much: relevance ends. */
const DECISIONS = [
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'ArgMax',
  'ArgMin',
  'Shape',
];
const MEANS = ['AveragePool', 'GlobalAveragePool', 'ReduceSum', 'ReduceMean', 'CumSum', 'Mean', 'Resize'];
/** Each value by a scale of its own: there is nobody to share with, but for constants. */
const SCALED = ['Softmax', 'LogSoftmax', 'LRN', 'Pow'];

/** A product passes all to its signal and nothing to a gate or constant (Arras 2017, §3); of two signals, each gets half. */
const product: GradientFunction = (context) => {
  const signals = signalsOf(context);
  const parts = signals.map((input) => passed(input)(context)[input]!);
  const share = (part: string) => context.builder.add('Mul', [part, context.builder.scalar(1 / signals.length)]);
  return context.inputs.map((_, i) => {
    const part = parts[signals.indexOf(i)];
    return part !== undefined && signals.length > 1 ? share(part) : part;
  });
};

function signalsOf({ builder, node, wanted }: Parameters<GradientFunction>[0]): number[] {
  const asked = [0, 1].filter((i) => wanted[i]);
  const open = asked.filter((i) => !isGate(builder, node.inputs[i]!));
  return open.length === 0 ? asked : open;
}

/** By constant weights `weighted`; of two computed matrices as a product, the others' shares in proportion. */
const matrices =
  (weighted: GradientFunction): GradientFunction =>
  (context) => {
    if (!context.wanted[0] || !context.wanted[1]) return weighted(context);
    const signals = signalsOf(context);
    const { builder } = context;
    const half = builder.add('Mul', [context.gradients[0]!, builder.scalar(1 / signals.length)]);
    const wanted = [0, 1].map((i) => signals.includes(i));
    return shared(SAFE)({ ...context, wanted, gradients: [half] });
  };

/** A quotient passes all to what is divided: its divisor is a scale (Ali 2022, Conservative propagation, for layer norms). */
const quotient: GradientFunction = (context) => passed(context.wanted[0] ? 0 : 1)(context);

const refused: GradientFunction = () => {
  throw new Error('relevance has no rule for it');
};

const lrp = (weighted: GradientFunction, sums: GradientFunction, normalised: GradientFunction): Gradients => ({
  ...named(Object.keys(OPERATORS), () => refused),
  ...named(Object.keys(ACTIVATIONS), () => passed()),
  ...named(WINNERS, asGradient),
  ...named(PLACES, asGradient),
  ...named(DECISIONS, () => () => []),
  ...named(MEANS, () => shared(SAFE)),
  ...named(SCALED, () => passed()),
  ...named(['Conv', 'ConvTranspose', 'Gemm'], () => weighted),
  ...named(['MatMul'], () => matrices(weighted)),
  ...named(['Add', 'Sub', 'Sum'], () => sums),
  ...named(['BatchNormalization'], () => normalised),
  ...named(['Mul'], () => product),
  ...named(['Div'], () => quotient),
});

/**
 * LRP-ε: convolutions, matrix products, sums, batch normalisation by contributions over z + ε·sign z (Bach 2015, eq. 58). Biases
 * and ε keep their share. Averages and sums over axes are shared out exactly; a max gives all to its winner; activation
 * functions pass all on, as in zennit and captum.
 */
export const lrpEpsilon = (epsilon: number): Gradients => lrp(shared(epsilon), shared(epsilon), shared(epsilon));

/** A constant that is added is a bias written apart. */
const unbiased: GradientFunction = (context) =>
  context.wanted.filter(Boolean).length === 1 ? passed(context.wanted.indexOf(true))(context) : shared(SAFE)(context);

/**
 * LRP-αβ with β = α − 1: convolutions and matrix products share their positive and negative contributions out apart, biases
 * among them (Bach 2015, eq. 60). Sums share by contributions; batch normalisation that is not folded into a convolution passes
 * all on, as in zennit.
 */
export const lrpAlphaBeta = (alpha: number): Gradients =>
  lrp(sharedBySign({ positive: alpha, negative: 1 - alpha, bias: true }), unbiased, passed());

/** The z⁺ rule: positive contributions alone and no biases, so that relevance is kept (Montavon 2017, deep Taylor, §5.1). */
export const zPlus: Gradients = lrp(sharedBySign({ positive: 1, negative: 0, bias: false }), unbiased, passed());

/** Operators that relevance goes through; at others it ends with an error. */
export const SHARED_OPERATORS: ReadonlySet<string> = new Set(
  Object.entries(zPlus).flatMap(([op, rule]) => (rule === refused ? [] : [op])),
);
