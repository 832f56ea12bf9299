import { ATTRIBUTE_TYPE, type AttributeProto, type TensorProto } from '../../../src/core/formats/onnx/proto.ts';
import type { OnnxNode } from './files.ts';

export const text = (name: string, value: string): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.string,
  s: new TextEncoder().encode(value),
});
export const int = (name: string, i: number): AttributeProto => ({ name, type: ATTRIBUTE_TYPE.int, i });
export const float = (name: string, f: number): AttributeProto => ({ name, type: ATTRIBUTE_TYPE.float, f });
export const list = (name: string, ...values: number[]): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.ints,
  ints: values,
});

export const node = (op: string, inputs: string, outputs: string, ...attributes: AttributeProto[]): OnnxNode => ({
  op,
  inputs: inputs.split(' ').map((name) => (name === '-' ? '' : name)),
  outputs: outputs.split(' '),
  attributes,
});

export interface Case {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly TensorProto[];
  /** The fixed batch that the file declares. */
  readonly batch?: number;
  /** Operators that must be left in the graph. */
  readonly ops?: string;
  /** Default `y`. */
  readonly output?: string;
}
