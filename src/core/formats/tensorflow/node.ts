import { damaged } from '../failure.ts';
import { toNumber } from '../messages.ts';
import { DT, type AttrValue, type NodeDef } from './proto.ts';
import { sizesOf } from './tensors.ts';

/** A node of a graph or of a function's body. */
export interface OpNode {
  readonly op: string;
  readonly name: string;
  /** `node:index`, or the name of an argument of the function; none of the control inputs. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttrValue>;
}

/** What the outputs before an output are, where a node's outputs have several names: functions refer to them by name. */
const NAMED_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  FusedBatchNorm: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV2: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV3: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2', 'reserve_space_3'],
  TopKV2: ['values', 'indices'],
  Switch: ['output_false', 'output_true'],
  Merge: ['output', 'value_index'],
  MaxPoolWithArgmax: ['output', 'argmax'],
  Unique: ['y', 'idx'],
};

export function readNode(proto: NodeDef, ops: ReadonlyMap<string, string>): OpNode {
  const { name = '', op = '' } = proto;
  if (name === '' || op === '')
    throw damaged(`a node without ${name === '' ? 'a name' : `an operator, '${name}'`}; the file is damaged`);
  const inputs = (proto.input ?? []).filter((input) => !input.startsWith('^')).map((input) => tensorName(input, ops));
  return { op, name, inputs, attributes: new Map(proto.attr?.map(({ key = '', value = {} }) => [key, value])) };
}

/**
 * `node:index` from a graph's `node`, `node:index`, or a function's `node:output:index`.
 * `ops`: the operators of the nodes that are there; another name is an argument's.
 */
export function tensorName(input: string, ops: ReadonlyMap<string, string>): string {
  const [node = '', first, second] = input.split(':');
  const op = ops.get(node);
  if (op === undefined) return input;
  if (second === undefined) return `${node}:${Number(first ?? 0)}`;
  const before = Object.hasOwn(NAMED_OUTPUTS, op) ? NAMED_OUTPUTS[op]!.indexOf(first!) : 0;
  return `${node}:${Math.max(before, 0) + Number(second)}`;
}

export const describeNode = ({ op, name }: OpNode): string => `${op} '${name}'`;

/** The attribute as text: a string, or the name of a function. */
export function text(node: OpNode, name: string, fallback = ''): string {
  const value = node.attributes.get(name);
  if (value?.func) return value.func.name ?? fallback;
  return value?.s && Object.hasOwn(value, 's') ? new TextDecoder().decode(value.s) : fallback;
}

/** Zero, where the file says it, is left out by the decoder: an attribute that is there has a value. */
export function number(node: OpNode, name: string, fallback: number): number {
  const value = node.attributes.get(name);
  if (!value) return fallback;
  if (Object.hasOwn(value, 'f')) return value.f!;
  return toNumber(value.i);
}

export function flag(node: OpNode, name: string, fallback = false): boolean {
  const value = node.attributes.get(name);
  return value ? value.b === true : fallback;
}

/** A list of whole numbers. */
export const ints = (node: OpNode, name: string): readonly number[] | undefined =>
  node.attributes.get(name)?.list?.i?.map(toNumber);

export const texts = (node: OpNode, name: string): readonly string[] =>
  (node.attributes.get(name)?.list?.s ?? []).map((bytes) => new TextDecoder().decode(bytes));

/** The element type (tensorflow.DataType). */
export const type = (node: OpNode, name: string): number => node.attributes.get(name)?.type || DT.float;

/** A declared shape; undefined where it is open. */
export const shape = (node: OpNode, name: string): readonly number[] | undefined =>
  sizesOf(node.attributes.get(name)?.shape);
