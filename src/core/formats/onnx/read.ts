import type { Attribute } from '../../graph/graph.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { readScopes } from './module-paths.ts';
import { readOutline } from './outline.ts';
import {
  ATTRIBUTE_TYPE,
  decodeModel,
  toNumber,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './proto.ts';
import { readTensor, type ExternalData } from './tensors.ts';

/** A node as the file has it, attributes read. */
export interface FileNode {
  readonly op: string;
  /** Empty where the file gives none. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Attributes that are tensors. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** ONNX's number of the element type of its attribute `value`. */
  readonly valueType?: number;
  /** Of an `If`: what is done where its condition is true, and where not. */
  readonly branches?: readonly [Branch, Branch];
  /** Of a `Loop`: what is done in each turn. */
  readonly body?: LoopBody;
  /** The modules around it, from the network down to the function that it is, where PyTorch's exporter says so. */
  readonly scopes?: readonly string[];
}

/** One way of an `If`. */
export interface Branch {
  readonly nodes: readonly FileNode[];
  readonly stored: ReadonlyMap<string, Tensor>;
  readonly outputs: readonly string[];
}

/** What a `Loop` does: it takes the turn, whether to go on, then what is carried from turn to turn. */
export interface LoopBody extends Branch {
  readonly inputs: readonly string[];
}

export const describeNode = (node: FileNode): string => `${node.op} '${node.name || (node.outputs[0] ?? '')}'`;

/** The protobuf of an ONNX file, without its weights' bytes. Throws where it is none. */
export function readModel(file: ModelFile): ModelProto & { graph: GraphProto } {
  let model: ModelProto;
  try {
    model = decodeModel(readOutline(file));
  } catch (error) {
    throw damaged('not a whole ONNX file: its protobuf ends early or is damaged; export or copy it again', error);
  }
  const { graph } = model;
  if (!graph?.node?.length)
    throw damaged('no ONNX graph in it: a ModelProto with nodes was expected; export the model again');
  return model as ModelProto & { graph: GraphProto };
}

/** The version of the standard operator set. */
export function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport?.find(({ domain }) => isStandard(domain));
  const opset = toNumber(standard?.version);
  if (opset < 7)
    throw damaged(`operator set ${opset}; 7 or later was expected: convert it with onnx.version_converter`);
  return opset;
}

const isStandard = (domain: string | undefined) => !domain || domain === 'ai.onnx';

/** Every stored tensor of the model: initializers and attributes. */
export function* storedTensors(graph: GraphProto, depth = 0): Generator<TensorProto> {
  yield* graph.initializer ?? [];
  for (const node of graph.node ?? [])
    for (const { t, g } of node.attribute ?? []) {
      if (t) yield t;
      if (g && depth < DEEPEST) yield* storedTensors(g, depth + 1);
    }
}

/** The metadata entry in which torch.export names the modules around a node. */
const SCOPES = 'pkg.torch.onnx.name_scopes';

export function readNode(proto: NodeProto, external: ExternalData, depth = 0): FileNode {
  const type = proto.opType || '(no operator)';
  const node = {
    // An operator of another domain is not the standard one of the same name.
    op: isStandard(proto.domain) ? type : `${proto.domain}.${type}`,
    name: proto.name ?? '',
    inputs: proto.input ?? [],
    outputs: proto.output ?? [],
    valueType: proto.attribute?.find(({ name }) => name === 'value')?.t?.dataType,
    scopes: readScopes(proto.metadataProps?.find(({ key }) => key === SCOPES)?.value),
  };
  const attributes: Record<string, Attribute> = {};
  const tensors: Record<string, Tensor> = {};
  for (const attribute of proto.attribute ?? []) {
    const name = attribute.name ?? '';
    const of = `attribute '${name}' of ${describeNode({ ...node, attributes, tensors })}`;
    if (attribute.t && typeOf(attribute) === ATTRIBUTE_TYPE.tensor)
      tensors[name] = readTensor(attribute.t, external, of);
    else {
      const value = readAttribute(attribute);
      if (value !== undefined) attributes[name] = value;
    }
  }
  const inner = (attribute: string) => (depth < DEEPEST ? readInner(proto, attribute, external, depth + 1) : undefined);
  const [yes, no] = type === 'If' ? [inner('then_branch'), inner('else_branch')] : [];
  const body = type === 'Loop' ? inner('body') : undefined;
  return { ...node, attributes, tensors, ...(yes && no && { branches: [yes, no] as const }), ...(body && { body }) };
}

/** Graphs within graphs: deeper ones stay unknown. */
const DEEPEST = 8;

function readInner(proto: NodeProto, attribute: string, external: ExternalData, depth: number): LoopBody | undefined {
  const graph = proto.attribute?.find(({ name }) => name === attribute)?.g;
  if (!graph) return undefined;
  const stored = (graph.initializer ?? []).map(
    (tensor) => [tensor.name ?? '', readTensor(tensor, external, `initializer '${tensor.name}'`)] as const,
  );
  return {
    nodes: (graph.node ?? []).map((inner) => readNode(inner, external, depth)),
    stored: new Map(stored),
    inputs: (graph.input ?? []).map(({ name }) => name ?? ''),
    outputs: (graph.output ?? []).map(({ name }) => name ?? ''),
  };
}

/** Undefined for what no known operator has: graphs, lists of strings. */
function readAttribute(proto: AttributeProto): Attribute | undefined {
  switch (typeOf(proto)) {
    case ATTRIBUTE_TYPE.float:
      return proto.f ?? 0;
    case ATTRIBUTE_TYPE.int:
      return toNumber(proto.i);
    case ATTRIBUTE_TYPE.string:
      return Object.hasOwn(proto, 's') ? new TextDecoder().decode(proto.s) : '';
    case ATTRIBUTE_TYPE.floats:
      return [...(proto.floats ?? [])];
    case ATTRIBUTE_TYPE.ints:
      return (proto.ints ?? []).map(toNumber);
    default:
      return undefined;
  }
}

/** Files of IR 1 need not say the type. */
function typeOf(proto: AttributeProto): number {
  if (proto.type) return proto.type;
  if (proto.ints?.length) return ATTRIBUTE_TYPE.ints;
  if (proto.floats?.length) return ATTRIBUTE_TYPE.floats;
  if (proto.t) return ATTRIBUTE_TYPE.tensor;
  if (Object.hasOwn(proto, 's')) return ATTRIBUTE_TYPE.string;
  return Object.hasOwn(proto, 'f') ? ATTRIBUTE_TYPE.float : ATTRIBUTE_TYPE.int;
}
