import { relative, sep } from 'node:path';
import { isOpen, type Attribute, type Graph, type Node, type Shape } from '../../graph/graph.ts';
import { showSize } from '../../graph/shapes.ts';
import { elements, type DType, type Tensor } from '../../graph/tensor.ts';
import {
  ATTRIBUTE_TYPE,
  DATA_TYPE,
  EXTERNAL,
  encodeModel,
  type AttributeProto,
  type GraphProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto.ts';

/** The operator set whose semantics the Graph has. */
const OPSET = 18;

const IR_VERSION = 9;

/** Attributes that ONNX wants as FLOAT (or FLOATS) though the value may be whole. */
const FLOAT_ATTRIBUTES = new Set(
  'alpha beta epsilon momentum gamma lambd bias ratio cubic_coeff_a extrapolation_value value_float value_floats'.split(
    ' ',
  ),
);

const ELEMENT_TYPE: Readonly<Record<DType, number>> = {
  float32: DATA_TYPE.float,
  int64: DATA_TYPE.int64,
  int32: DATA_TYPE.int32,
  bool: DATA_TYPE.bool,
};

export interface EncodeOptions {
  readonly name?: string;
  /** Shapes of the outputs, which other tools' checkers ask for; engines need none. */
  readonly shapes?: ReadonlyMap<string, Shape>;
  /**
   * The folder from which the reader finds files: large weights that stand in a file below it are referred to by their
   * place, not copied. Default: everything is inside.
   */
  readonly folder?: string;
}

/** A graph as the bytes of an ONNX file (IR 9, opset 18); the batch becomes the free dimension `N`. */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'layerscope',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: encodeGraph(graph, options),
  });
}

function encodeGraph(graph: Graph, options: EncodeOptions): GraphProto {
  const types = tensorTypes(graph);
  return {
    name: options.name ?? 'graph',
    node: graph.nodes.map((node) => encodeNode(node, options)),
    initializer: [...graph.constants].map(([name, tensor]) => encodeTensor(name, tensor, options.folder)),
    input: graph.inputs.map(({ name, dtype, shape }) => valueInfo(name, dtype, shape)),
    output: graph.outputs.map((name) => valueInfo(name, types.get(name), options.shapes?.get(name))),
  };
}

function valueInfo(name: string, dtype: DType = 'float32', shape?: Shape): ValueInfoProto {
  const dim = shape?.map((size) => (isOpen(size) ? { dimParam: showSize(size) } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[dtype], ...(dim && { shape: { dim } }) } } };
}

function encodeNode(node: Node, options: EncodeOptions) {
  const { folder } = options;
  const body = node.body && [
    { name: 'body', type: ATTRIBUTE_TYPE.graph, g: encodeGraph(node.body, { name: 'body', folder }) },
  ];
  return {
    opType: node.op,
    name: node.name,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: [
      ...Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
      ...(body ?? []),
    ],
  };
}

function encodeAttribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value) };
  const float = FLOAT_ATTRIBUTES.has(name);
  if (typeof value === 'number')
    return float || !Number.isInteger(value)
      ? { name, type: ATTRIBUTE_TYPE.float, f: value }
      : { name, type: ATTRIBUTE_TYPE.int, i: value };
  return float || !value.every(Number.isInteger)
    ? { name, type: ATTRIBUTE_TYPE.floats, floats: [...value] }
    : { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
}

/** Smaller tensors are copied: runtimes look into them for shapes. */
const LARGE = 1024;

function encodeTensor(name: string, tensor: Tensor, folder: string | undefined): TensorProto {
  const { dtype, shape, source } = tensor;
  const proto = { name, dataType: ELEMENT_TYPE[dtype], dims: [...shape] };
  const length = elements(shape) * Float32Array.BYTES_PER_ELEMENT;
  if (source && folder !== undefined && length >= LARGE && isBelow(source.path, folder)) {
    const location = relative(folder, source.path).replaceAll('\\', '/');
    const places = { location, offset: source.offset, length };
    const externalData = Object.entries(places).map(([key, value]) => ({ key, value: String(value) }));
    return { ...proto, dataLocation: EXTERNAL, externalData };
  }
  const { data } = tensor;
  return { ...proto, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

const isBelow = (path: string, folder: string) => path.startsWith(folder + sep);

const COMPARISONS = new Set(['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal', 'Not', 'And', 'Or', 'IsNaN']);
const CASTS: Readonly<Record<number, DType>> = {
  [DATA_TYPE.float]: 'float32',
  [DATA_TYPE.int64]: 'int64',
  [DATA_TYPE.int32]: 'int32',
  [DATA_TYPE.bool]: 'bool',
};

/** The element type of every tensor; float32 where the operator is not known to say otherwise. */
function tensorTypes(graph: Graph): Map<string, DType> {
  const types = new Map<string, DType>();
  for (const { name, dtype } of graph.inputs) types.set(name, dtype);
  for (const [name, { dtype }] of graph.constants) types.set(name, dtype);
  for (const node of graph.nodes)
    node.outputs.forEach((output, index) => types.set(output, outputType(node, index, types)));
  return types;
}

function outputType(node: Node, index: number, types: ReadonlyMap<string, DType>): DType {
  const input = (n: number): DType => types.get(node.inputs[n] ?? '') ?? 'float32';
  if (COMPARISONS.has(node.op)) return 'bool';
  if (node.op === 'Cast') return CASTS[node.attributes.to as number] ?? 'float32';
  if (['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero'].includes(node.op)) return 'int64';
  if (['MaxPool', 'TopK'].includes(node.op) && index === 1) return 'int64';
  if (node.op === 'Where') return input(1);
  if (node.op === 'ConstantOfShape') return 'float32';
  return input(0);
}
