import { TYPES, type AttrValue, type NodeDef, type TensorProto } from '../../../src/core/formats/tensorflow/proto.ts';
import { write } from './files.ts';

/** Text, a flag, a whole number, a list of whole numbers, or the message itself. */
type Attribute = string | boolean | number | readonly number[] | AttrValue;

const bytes = (text: string) => new TextEncoder().encode(text);

function attribute(value: Attribute): AttrValue {
  if (typeof value === 'string') return { s: bytes(value) };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'number') return { i: value };
  return Array.isArray(value) ? { list: { i: [...(value as number[])] } } : (value as AttrValue);
}

export const node = (
  op: string,
  name: string,
  input: readonly string[] = [],
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeDef => ({
  op,
  name,
  input: [...input],
  attr: Object.entries(attributes).map(([key, value]) => ({ key, value: attribute(value) })),
});

/** Fused operators' names. */
export const fusedOps = (...names: readonly string[]): AttrValue => ({ list: { s: names.map(bytes) } });

export const placeholder = (name: string, sizes: readonly number[] | undefined, type = 1): NodeDef =>
  node('Placeholder', name, [], {
    dtype: { type },
    shape: { shape: sizes ? { dim: sizes.map((size) => ({ size })) } : { unknownRank: true } },
  });

export const constant = (name: string, tensor: TensorProto): NodeDef =>
  node('Const', name, [], { dtype: { type: tensor.dtype }, value: { tensor } });

const dims = (sizes: readonly number[]) => ({ dim: sizes.map((size) => ({ size })) });

/** Values that grow by a tenth. */
export const weights = (name: string, ...sizes: readonly number[]): NodeDef => {
  const count = sizes.reduce((n, size) => n * size, 1);
  const floatVal = Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 10 - 0.5);
  return constant(name, { dtype: 1, shape: dims(sizes), floatVal });
};

export const ints = (name: string, values: readonly number[]): NodeDef =>
  constant(name, { dtype: 3, shape: dims([values.length]), intVal: values });

export const number = (name: string, value: number): NodeDef =>
  constant(name, { dtype: 3, shape: dims([]), intVal: [value] });
export const float = (name: string, value: number): NodeDef =>
  constant(name, { dtype: 1, shape: dims([]), floatVal: [value] });
export const bool = (name: string, value: boolean): NodeDef =>
  constant(name, { dtype: 10, shape: dims([]), boolVal: [value] });

export const graphBytes = (nodes: readonly NodeDef[], functions: readonly object[] = []): Uint8Array =>
  TYPES.lookupType('GraphDef')
    .encode({ node: nodes, library: { function: functions } })
    .finish();

export const writeGraph = (...nodes: readonly NodeDef[]): string => write('graph.pb', graphBytes(nodes));

export const savedModelBytes = (metaGraphs: readonly object[]): Uint8Array =>
  TYPES.lookupType('SavedModel').encode({ metaGraphs }).finish();

/** A small network in name scopes, on images of 8×8 with 3 channels. */
export const NETWORK: readonly NodeDef[] = [
  placeholder('images', [-1, 8, 8, 3]),
  weights('conv1/weights', 3, 3, 3, 4),
  weights('conv1/biases', 4),
  node('Conv2D', 'conv1/Conv2D', ['images', 'conv1/weights'], { padding: 'SAME', strides: [1, 1, 1, 1] }),
  node('BiasAdd', 'conv1/BiasAdd', ['conv1/Conv2D', 'conv1/biases']),
  node('Relu', 'conv1/Relu', ['conv1/BiasAdd']),
  node('MaxPool', 'pool1', ['conv1/Relu'], { padding: 'VALID', ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1] }),
  ints('flat/shape', [-1, 64]),
  node('Reshape', 'flat', ['pool1', 'flat/shape']),
  weights('logits/weights', 64, 5),
  weights('logits/biases', 5),
  node('MatMul', 'logits/MatMul', ['flat', 'logits/weights']),
  node('Add', 'logits/add', ['logits/MatMul', 'logits/biases']),
];
