import { type DType, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import { countValues, fromHalf } from '../numbers.ts';
import type { ModelFile } from '../format.ts';
import { OWN_FILE } from './outline.ts';
import { DATA_TYPE, EXTERNAL, toNumber, type Int64, type TensorProto } from './proto.ts';

/** The files with external data that a model names, by location; with the model's own under `OWN_FILE`. */
export type ExternalData = ReadonlyMap<string, ModelFile>;

interface Element {
  readonly name: string;
  readonly bytes: number;
  /** What it becomes: everything but whole numbers for shapes and indices is computed in float32. */
  readonly dtype: DType;
  /** One value of raw data, little-endian. */
  raw(view: DataView, at: number): number | bigint;
  /** Its values where they stand in a field of their own. */
  typed(proto: TensorProto): ArrayLike<number | bigint | Int64>;
}

const int32Field = (proto: TensorProto) => proto.int32Data ?? [];

const ELEMENTS: Readonly<Record<number, Element>> = {
  [DATA_TYPE.float]: element(
    'float',
    4,
    'float32',
    (v, at) => v.getFloat32(at, true),
    (p) => p.floatData ?? [],
  ),
  [DATA_TYPE.double]: element(
    'double',
    8,
    'float32',
    (v, at) => v.getFloat64(at, true),
    (p) => p.doubleData ?? [],
  ),
  [DATA_TYPE.float16]: element(
    'float16',
    2,
    'float32',
    (v, at) => fromHalf(v.getUint16(at, true)),
    (p) => Array.from(int32Field(p), fromHalf),
  ),
  [DATA_TYPE.bfloat16]: element(
    'bfloat16',
    2,
    'float32',
    (v, at) => fromBrain(v.getUint16(at, true)),
    (p) => Array.from(int32Field(p), fromBrain),
  ),
  [DATA_TYPE.int8]: element('int8', 1, 'float32', (v, at) => v.getInt8(at), int32Field),
  [DATA_TYPE.uint8]: element('uint8', 1, 'float32', (v, at) => v.getUint8(at), int32Field),
  [DATA_TYPE.int16]: element('int16', 2, 'float32', (v, at) => v.getInt16(at, true), int32Field),
  [DATA_TYPE.uint16]: element('uint16', 2, 'float32', (v, at) => v.getUint16(at, true), int32Field),
  [DATA_TYPE.uint32]: element(
    'uint32',
    4,
    'float32',
    (v, at) => v.getUint32(at, true),
    (p) => p.uint64Data ?? [],
  ),
  [DATA_TYPE.int32]: element('int32', 4, 'int32', (v, at) => v.getInt32(at, true), int32Field),
  [DATA_TYPE.int64]: element(
    'int64',
    8,
    'int64',
    (v, at) => v.getBigInt64(at, true),
    (p) => p.int64Data ?? [],
  ),
  [DATA_TYPE.uint64]: element(
    'uint64',
    8,
    'int64',
    (v, at) => v.getBigInt64(at, true),
    (p) => p.uint64Data ?? [],
  ),
  [DATA_TYPE.bool]: element('bool', 1, 'bool', (v, at) => (v.getUint8(at) ? 1 : 0), int32Field),
};

function element(name: string, bytes: number, dtype: DType, raw: Element['raw'], typed: Element['typed']): Element {
  return { name, bytes, dtype, raw, typed };
}

/** The element type that a tensor of this ONNX type has in the Graph; undefined for strings and complex numbers. */
export const graphType = (dataType: number | undefined): DType | undefined => ELEMENTS[dataType ?? 0]?.dtype;

const fromBrain = (bits: number): number => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(2, bits, true);
  return view.getFloat32(0, true);
};

/** A stored tensor; nothing is allocated before its size was checked against the bytes that are there. */
export function readTensor(proto: TensorProto, external: ExternalData, of: string): Tensor {
  const kind = ELEMENTS[proto.dataType ?? 0];
  if (!kind) throw damaged(`${of} has the element type ${proto.dataType}, which has no numbers to show`);
  const shape = (proto.dims ?? []).map(toNumber);
  const count = countValues(shape, of);
  const declared = `${of} declares [${shape.join(', ')}] of ${kind.name}`;
  const expect = (length: number) => {
    if (length !== count * kind.bytes)
      throw damaged(`${declared}, ${count * kind.bytes} bytes, but ${length} are there; the file is damaged`);
  };
  if (isExternal(proto)) {
    const { file, offset, length } = externalRange(proto, external, of);
    expect(length);
    if (kind.name === 'float') return file.floats(offset, shape, of);
    return { dtype: kind.dtype, shape, data: readRaw(kind, file.read(offset, length), count) };
  }
  const bytes = proto.rawData;
  if (bytes && bytes.length > 0) {
    expect(bytes.length);
    return { dtype: kind.dtype, shape, data: readRaw(kind, bytes, count) };
  }
  const values = kind.typed(proto);
  if (values.length !== count)
    throw damaged(`${declared}, ${count} values, but ${values.length} are there; the file is damaged`);
  return { dtype: kind.dtype, shape, data: allocate(kind.dtype, count, (i) => values[i]!) };
}

function readRaw(kind: Element, bytes: Uint8Array, count: number): Tensor['data'] {
  if (kind.name === 'float') return new Float32Array(new Uint8Array(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return allocate(kind.dtype, count, (i) => kind.raw(view, i * kind.bytes));
}

function allocate(dtype: DType, length: number, value: (index: number) => number | bigint | Int64): Tensor['data'] {
  const plain = (i: number): number => {
    const v = value(i);
    return typeof v === 'bigint' ? Number(v) : toNumber(v);
  };
  const whole = (i: number): bigint => {
    const v = value(i);
    return typeof v === 'bigint' ? v : BigInt(v.toString());
  };
  const source = { length };
  if (dtype === 'int64') return BigInt64Array.from(source as ArrayLike<bigint>, (_, i) => whole(i));
  if (dtype === 'int32') return Int32Array.from(source as ArrayLike<number>, (_, i) => plain(i));
  if (dtype === 'bool') return Uint8Array.from(source as ArrayLike<number>, (_, i) => (plain(i) ? 1 : 0));
  return Float32Array.from(source as ArrayLike<number>, (_, i) => plain(i));
}

/** Or taken out of the file's outline, though the file itself may say, behind them, that its data are inside. */
const isExternal = (proto: TensorProto) => proto.dataLocation === EXTERNAL || entry(proto, 'location') === OWN_FILE;

/** The file that holds a tensor's data; undefined where it is in the model itself. */
export function externalLocation(proto: TensorProto): string | undefined {
  if (!isExternal(proto)) return undefined;
  return entry(proto, 'location') ?? '';
}

const entry = (proto: TensorProto, key: string) => proto.externalData?.find((pair) => pair.key === key)?.value;

/** Where a tensor's data stand; the range is inside its file. */
function externalRange(proto: TensorProto, external: ExternalData, of: string) {
  const location = externalLocation(proto)!;
  const file = external.get(location);
  if (!file) throw damaged(`${of} has external data without a location`);
  const offset = Number(entry(proto, 'offset') ?? 0);
  const length = Number(entry(proto, 'length') ?? file.size - offset);
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!whole || offset + length > file.size)
    throw damaged(
      `${of} is at ${offset} + ${length} bytes in '${location}', which has ${file.size} bytes; copy the whole file beside the model`,
    );
  return { file, offset, length };
}
