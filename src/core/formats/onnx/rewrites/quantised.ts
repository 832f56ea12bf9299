import { damaged } from '../../failure.ts';
import { DATA_TYPE } from '../proto.ts';
import { dequantised, realRange, rounded, type Quantisation } from '../quantisation.ts';
import { describeNode, type FileNode } from '../read.ts';
import { knownInput, numberOf, type Context, type Rewrite, type Rewritten } from './rewrite.ts';
import { explicitPads } from './windows.ts';

/**
 * Quantised tensors stand in the graph as the real numbers that they mean: weights exactly, what is computed clipped to
 * its range (in which exporters hide a ReLU) but not rounded, so that it can be differentiated.
 */
const UNROUNDED =
  'The model is quantised: its weights are read as floats, and activations are clipped to their range but not rounded.';

/** The quantisation whose scale is input `index` of a node, its zero point the next; undefined where it is computed. */
function quantisationOf(node: FileNode, context: Context, index: number): Quantisation | undefined {
  const scales = knownInput(node, context, index);
  const zero = node.inputs[index + 1];
  const zeros = zero ? knownInput(node, context, index + 1) : [0];
  if (!scales?.length || !zeros?.length || numberOf(node, 'block_size', 0) > 0) return undefined;
  if (scales.some((scale) => !(scale > 0))) throw damaged(`${describeNode(node)} has a scale that is not positive`);
  const type = (zero && context.elementType(zero)) || numberOf(node, 'output_dtype', 0) || DATA_TYPE.uint8;
  return { scales, zeros, axis: numberOf(node, 'axis', 1), type };
}

const unchanged = ({ op, inputs, attributes }: FileNode): Rewritten => ({ op, inputs, attributes });

export const quantizeLinear: Rewrite = (node, context) => {
  const quantisation = quantisationOf(node, context, 1);
  if (!quantisation) return unchanged(node);
  const [x] = node.inputs as [string];
  const value = context.value(x);
  if (value) {
    context.real.add(node.outputs[0]!);
    return context.define(node.outputs[0]!, rounded(value, quantisation, describeNode(node)));
  }
  return clipped(x, quantisation, context);
};

function clipped(x: string, quantisation: Quantisation, context: Context): Rewritten | string {
  context.warn(UNROUNDED);
  const range = realRange(quantisation);
  if (!range) return x;
  return { op: 'Clip', inputs: [x, ...range.map(context.float)], attributes: {} };
}

export const dequantizeLinear: Rewrite = (node, context) => {
  const [x] = node.inputs as [string];
  const quantisation = quantisationOf(node, context, 1);
  if (!quantisation) return unchanged(node);
  const value = context.value(x);
  if (value && context.real.has(x)) return context.define(node.outputs[0]!, value);
  if (value) return context.define(node.outputs[0]!, dequantised(value, quantisation, describeNode(node)));
  if (!context.isInput(x)) return x;
  const [scale, zero] = [quantisation.scales[0]!, quantisation.zeros[0]!];
  return { op: 'Mul', inputs: [context.add('Sub', [x, context.float(zero)]), context.float(scale)], attributes: {} };
};

/** Input `index`, a constant of whole numbers, as real ones. */
function realWeights(node: FileNode, context: Context, index: number, quantisation: Quantisation): string {
  const name = node.inputs[index]!;
  const value = context.value(name);
  if (!value) throw damaged(`${describeNode(node)} has weights that are computed, '${name}'; export the model again`);
  return context.constant(`${name}/real`, dequantised(value, quantisation, `${describeNode(node)}, input ${index},`));
}

/** An operator on quantised numbers as the one on real ones: where its operands and their scales are, and its own scale. */
interface Real {
  readonly op: string;
  readonly operands: readonly number[];
  readonly own: number;
  /** An input that is whole numbers in units of the product of both operands' scales. */
  readonly bias?: number;
  /** The axis along which a weight may have several scales. */
  readonly axis?: number;
}

const real =
  ({ op, operands, own, bias, axis = 0 }: Real): Rewrite =>
  (node, context) => {
    const quantisations = operands.map((index) => quantisationOf(node, context, index + 1));
    const result = quantisationOf(node, context, own);
    if (!result || quantisations.includes(undefined) || node.attributes.channels_last === 1) return unchanged(node);
    const inputs = operands.map((index, i) => {
      const name = node.inputs[index]!;
      const constant = context.value(name) && !context.real.has(name);
      return constant ? realWeights(node, context, index, { ...quantisations[i]!, axis }) : name;
    });
    if (bias !== undefined && node.inputs[bias]) {
      const scales = quantisations[1]!.scales.map((scale) => scale * quantisations[0]!.scales[0]!);
      inputs.push(realWeights(node, context, bias, { scales, zeros: [0], axis: 0, type: DATA_TYPE.int32 }));
    }
    const { attributes } = op === 'Conv' ? explicitPads({ ...node, inputs }, context) : node;
    const { channels_last: _, ...kept } = attributes;
    return clipped(context.add(op, inputs, kept), result, context);
  };

export const qLinearConv = real({ op: 'Conv', operands: [0, 3], own: 6, bias: 8 });
export const qLinearMatMul = real({ op: 'MatMul', operands: [0, 3], own: 6, axis: -1 });
export const qLinearAdd = real({ op: 'Add', operands: [0, 3], own: 6 });
export const qLinearMul = real({ op: 'Mul', operands: [0, 3], own: 6 });
export const qLinearSigmoid = real({ op: 'Sigmoid', operands: [0], own: 3 });
export const qLinearLeakyRelu = real({ op: 'LeakyRelu', operands: [0], own: 3 });
export const qLinearAveragePool = real({ op: 'AveragePool', operands: [0], own: 3 });
export const qLinearGlobalAveragePool = real({ op: 'GlobalAveragePool', operands: [0], own: 3 });
export const qGemm = real({ op: 'Gemm', operands: [0, 3], own: 7, bias: 6, axis: 0 });

export const qLinearConcat: Rewrite = (node, context) => {
  const result = quantisationOf(node, context, 0);
  if (!result) return unchanged(node);
  const parts = node.inputs.filter((_, i) => i >= 2 && i % 3 === 2);
  return clipped(context.add('Concat', parts, node.attributes), result, context);
};

/** The values, in a scale of 1: what multiplies them by the scale again changes nothing. */
export const dynamicQuantizeLinear: Rewrite = (node, context) => {
  const [, scale, zero] = node.outputs;
  context.warn(UNROUNDED);
  for (const [name, value] of [
    [scale, 1],
    [zero, 0],
  ] as const)
    if (name) context.define(name, { dtype: 'float32', shape: [], items: [value] });
  return node.inputs[0]!;
};

/** Operators on whole numbers whose scale is multiplied in by what follows. */
const whole =
  (op: string): Rewrite =>
  (node, context) => {
    const [x, w, xZero, wZero] = node.inputs as [string, string, string?, string?];
    const shift = xZero ? knownInput(node, context, 2) : [0];
    const zeros = wZero ? knownInput(node, context, 3) : [0];
    if (!shift || !zeros || !context.value(w)) return unchanged(node);
    const axis = op === 'Conv' ? 0 : -1;
    const quantisation = { scales: zeros.map(() => 1), zeros, axis, type: DATA_TYPE.int32 };
    const weights = realWeights(node, context, 1, quantisation);
    const values = shift.every((zero) => zero === 0) ? x : context.add('Sub', [x, context.float(shift[0]!)]);
    const result = { ...node, op, inputs: [values, weights] };
    return op === 'Conv' ? explicitPads(result, context) : unchanged(result);
  };

export const convInteger = whole('Conv');
export const matMulInteger = whole('MatMul');
