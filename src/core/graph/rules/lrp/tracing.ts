import type { GraphBuilder } from '../../builder.ts';
import type { Node } from '../../graph.ts';

const MOVE = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Expand', 'Slice', 'Identity'];
const AFFINE = ['Add', 'Sub', 'Mul', 'Div'];
const GATES = ['Sigmoid', 'HardSigmoid', 'Softmax', 'Tanh', 'Erf', 'Clip', 'Reciprocal'];
const POSITIVE = ['Relu', 'Sigmoid', 'HardSigmoid', 'Softmax', 'Softplus', 'Abs', 'Exp', 'Sqrt'];
const KEEP_SIGN = [...MOVE, 'MaxPool', 'AveragePool', 'GlobalMaxPool', 'GlobalAveragePool', 'Concat', 'Add', 'Mul'];

const producer = (builder: GraphBuilder, tensor: string): Node | undefined =>
  builder.nodes.find((node) => node.outputs.includes(tensor));

/**
 * Whether a factor is a gate: made by a function that saturates, such as the sigmoid of SiLU and of squeeze-and-excitation, the
 * softmax of attention, the `Erf` of GELU; or a scale, made by a reciprocal. Scaled, shifted, reshaped or not.
 */
export function isGate(builder: GraphBuilder, tensor: string): boolean {
  const node = producer(builder, tensor);
  if (!node) return false;
  if (GATES.includes(node.op)) return true;
  if (MOVE.includes(node.op)) return isGate(builder, node.inputs[0]!);
  const computed = node.inputs.filter((name) => !builder.constants.has(name));
  return AFFINE.includes(node.op) && computed.length === 1 && isGate(builder, computed[0]!);
}

/** Whether a tensor is known to hold nothing below zero. */
export function isNonNegative(builder: GraphBuilder, tensor: string, seen = new Map<string, boolean>()): boolean {
  let answer = seen.get(tensor);
  if (answer === undefined) seen.set(tensor, (answer = decide(builder, tensor, seen)));
  return answer;
}

function decide(builder: GraphBuilder, tensor: string, seen: Map<string, boolean>): boolean {
  const constant = builder.constants.get(tensor);
  if (constant) return constant.data.every((value: number | bigint) => value >= 0);
  const node = producer(builder, tensor);
  if (!node) return false;
  if (POSITIVE.includes(node.op)) return true;
  if (node.op === 'Clip') return node.inputs[1] !== undefined && isNonNegative(builder, node.inputs[1], seen);
  const values = MOVE.includes(node.op) ? node.inputs.slice(0, 1) : node.inputs;
  return KEEP_SIGN.includes(node.op) && values.every((name) => isNonNegative(builder, name, seen));
}
