import { messageTypes, type Int64 } from '../messages.ts';

/** The part of TensorFlow's graph.proto, saved_model.proto and what they include that Layerscope reads. */
export const TYPES = messageTypes({
  SavedModel: { metaGraphs: [2, 'MetaGraphDef[]'] },
  MetaGraphDef: {
    metaInfo: [1, 'MetaInfoDef'],
    graph: [2, 'GraphDef'],
    signatures: [5, 'SignatureEntry[]'],
  },
  MetaInfoDef: { tags: [4, 'string[]'] },
  SignatureEntry: { key: [1, 'string'], value: [2, 'SignatureDef'] },
  SignatureDef: { inputs: [1, 'TensorInfoEntry[]'], outputs: [2, 'TensorInfoEntry[]'] },
  TensorInfoEntry: { key: [1, 'string'], value: [2, 'TensorInfo'] },
  TensorInfo: { name: [1, 'string'], dtype: [2, 'int32'], shape: [3, 'TensorShapeProto'] },
  GraphDef: { node: [1, 'NodeDef[]'], library: [2, 'FunctionDefLibrary'] },
  NodeDef: { name: [1, 'string'], op: [2, 'string'], input: [3, 'string[]'], attr: [5, 'AttrEntry[]'] },
  AttrEntry: { key: [1, 'string'], value: [2, 'AttrValue'] },
  AttrValue: {
    list: [1, 'ListValue'],
    s: [2, 'bytes'],
    i: [3, 'int64'],
    f: [4, 'float'],
    b: [5, 'bool'],
    type: [6, 'int32'],
    shape: [7, 'TensorShapeProto'],
    tensor: [8, 'TensorProto'],
    func: [10, 'NameAttrList'],
  },
  ListValue: { s: [2, 'bytes[]'], i: [3, 'int64[packed]'], f: [4, 'float[packed]'], shape: [7, 'TensorShapeProto[]'] },
  NameAttrList: { name: [1, 'string'] },
  TensorShapeProto: { dim: [2, 'DimProto[]'], unknownRank: [3, 'bool'] },
  DimProto: { size: [1, 'int64'] },
  TensorProto: {
    dtype: [1, 'int32'],
    shape: [2, 'TensorShapeProto'],
    content: [4, 'bytes'],
    floatVal: [5, 'float[packed]'],
    doubleVal: [6, 'double[packed]'],
    intVal: [7, 'int32[packed]'],
    stringVal: [8, 'bytes[]'],
    int64Val: [10, 'int64[packed]'],
    boolVal: [11, 'bool[packed]'],
    halfVal: [13, 'int32[packed]'],
    uint32Val: [16, 'uint32[packed]'],
    uint64Val: [17, 'uint64[packed]'],
    // Not TensorFlow's: where `content` stands in the file, in an outline.
    contentAt: [1000, 'int64'],
    contentLength: [1001, 'int64'],
  },
  FunctionDefLibrary: { function: [1, 'FunctionDef[]'] },
  FunctionDef: { signature: [1, 'OpDef'], node: [3, 'NodeDef[]'], ret: [4, 'ReturnEntry[]'] },
  ReturnEntry: { key: [1, 'string'], value: [2, 'string'] },
  OpDef: { name: [1, 'string'], inputArg: [2, 'ArgDef[]'], outputArg: [3, 'ArgDef[]'] },
  ArgDef: { name: [1, 'string'] },
});

/** Fields of TensorProto, by number. */
export const TENSOR_CONTENT = 4;
export const CONTENT_AT = 1000;
export const CONTENT_LENGTH = 1001;

export interface TensorShapeProto {
  dim?: { size?: Int64 }[];
  unknownRank?: boolean;
}

export interface TensorProto {
  dtype?: number;
  shape?: TensorShapeProto;
  content?: Uint8Array;
  floatVal?: ArrayLike<number>;
  doubleVal?: ArrayLike<number>;
  intVal?: ArrayLike<number>;
  stringVal?: Uint8Array[];
  int64Val?: ArrayLike<Int64>;
  boolVal?: ArrayLike<boolean>;
  halfVal?: ArrayLike<number>;
  uint32Val?: ArrayLike<number>;
  uint64Val?: ArrayLike<Int64>;
  contentAt?: Int64;
  contentLength?: Int64;
}

export interface AttrValue {
  list?: { s?: Uint8Array[]; i?: Int64[]; f?: number[]; shape?: TensorShapeProto[] };
  s?: Uint8Array;
  i?: Int64;
  f?: number;
  b?: boolean;
  type?: number;
  shape?: TensorShapeProto;
  tensor?: TensorProto;
  func?: { name?: string };
}

export interface NodeDef {
  name?: string;
  op?: string;
  input?: string[];
  attr?: { key?: string; value?: AttrValue }[];
}

export interface FunctionDef {
  signature?: { name?: string; inputArg?: { name?: string }[]; outputArg?: { name?: string }[] };
  node?: NodeDef[];
  ret?: { key?: string; value?: string }[];
}

export interface GraphDef {
  node?: NodeDef[];
  library?: { function?: FunctionDef[] };
}

export interface TensorInfoEntry {
  key?: string;
  value?: { name?: string; dtype?: number; shape?: TensorShapeProto };
}

export interface SignatureDef {
  inputs?: TensorInfoEntry[];
  outputs?: TensorInfoEntry[];
}

export interface MetaGraphDef {
  metaInfo?: { tags?: string[] };
  graph?: GraphDef;
  signatures?: { key?: string; value?: SignatureDef }[];
}

const graphType = TYPES.lookupType('GraphDef');
const savedModelType = TYPES.lookupType('SavedModel');

/** Throws where the bytes are no protobuf. */
export const decodeGraph = (bytes: Uint8Array): GraphDef => graphType.decode(bytes) as GraphDef;

export const decodeSavedModel = (bytes: Uint8Array): { metaGraphs?: MetaGraphDef[] } =>
  savedModelType.decode(bytes) as { metaGraphs?: MetaGraphDef[] };

/** tensorflow.DataType. */
export const DT = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  half: 19,
  resource: 20,
  uint32: 22,
  uint64: 23,
} as const;
