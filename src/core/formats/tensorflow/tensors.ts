import { float32, type DType, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { toNumber, type Int64 } from '../messages.ts';
import { countValues, fromHalf } from '../numbers.ts';
import { DT, type TensorProto, type TensorShapeProto } from './proto.ts';

interface Element {
  readonly name: string;
  readonly bytes: number;
  /** What it becomes: whole numbers of 32 and 64 bits are for shapes and indices, all others are computed in float32. */
  readonly dtype: DType;
  raw(view: DataView, at: number): number;
  typed(proto: TensorProto): ArrayLike<number | boolean | Int64> | undefined;
}

const element = (name: string, bytes: number, dtype: DType, raw: Element['raw'], typed: Element['typed']): Element => ({
  name,
  bytes,
  dtype,
  raw,
  typed,
});

const ints = (proto: TensorProto) => proto.intVal;

function fromBrain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

const big = (value: bigint) => Number(value);

/** By tensorflow.DataType. */
const ELEMENTS: Readonly<Record<number, Element>> = {
  [DT.float]: element(
    'float',
    4,
    'float32',
    (v, at) => v.getFloat32(at, true),
    (p) => p.floatVal,
  ),
  [DT.double]: element(
    'double',
    8,
    'float32',
    (v, at) => v.getFloat64(at, true),
    (p) => p.doubleVal,
  ),
  [DT.half]: element(
    'half',
    2,
    'float32',
    (v, at) => fromHalf(v.getUint16(at, true)),
    (p) => halves(p, fromHalf),
  ),
  [DT.bfloat16]: element(
    'bfloat16',
    2,
    'float32',
    (v, at) => fromBrain(v.getUint16(at, true)),
    (p) => halves(p, fromBrain),
  ),
  [DT.int8]: element('int8', 1, 'float32', (v, at) => v.getInt8(at), ints),
  [DT.uint8]: element('uint8', 1, 'float32', (v, at) => v.getUint8(at), ints),
  [DT.int16]: element('int16', 2, 'float32', (v, at) => v.getInt16(at, true), ints),
  [DT.uint16]: element('uint16', 2, 'float32', (v, at) => v.getUint16(at, true), ints),
  [DT.uint32]: element(
    'uint32',
    4,
    'int64',
    (v, at) => v.getUint32(at, true),
    (p) => p.uint32Val,
  ),
  [DT.int32]: element('int32', 4, 'int32', (v, at) => v.getInt32(at, true), ints),
  [DT.int64]: element(
    'int64',
    8,
    'int64',
    (v, at) => big(v.getBigInt64(at, true)),
    (p) => p.int64Val,
  ),
  [DT.uint64]: element(
    'uint64',
    8,
    'int64',
    (v, at) => big(v.getBigUint64(at, true)),
    (p) => p.uint64Val,
  ),
  [DT.bool]: element(
    'bool',
    1,
    'bool',
    (v, at) => Number(v.getUint8(at) !== 0),
    (p) => p.boolVal,
  ),
};

const halves = (proto: TensorProto, value: (bits: number) => number) =>
  proto.halfVal && Array.from(proto.halfVal, value);

/** The element type that a tensor of this TensorFlow type has in the Graph; undefined for strings, resources and the like. */
export const graphType = (dtype: number | undefined): DType | undefined => ELEMENTS[dtype ?? 0]?.dtype;

/** Undefined where even the number of axes is open; a size is −1 where it is open. */
export function sizesOf(shape: TensorShapeProto | undefined): number[] | undefined {
  if (!shape || shape.unknownRank) return undefined;
  return (shape.dim ?? []).map(({ size }) => toNumber(size));
}

/**
 * A stored tensor. Undefined for types that hold no numbers (strings, resources). Nothing is allocated before the size was
 * checked against the bytes that are there. `file`: the one that the proto came from.
 */
export function readTensor(proto: TensorProto, file: ModelFile, of: string): Tensor | undefined {
  const kind = ELEMENTS[proto.dtype ?? 0];
  if (!kind) return undefined;
  const shape = sizesOf(proto.shape) ?? [];
  if (Object.hasOwn(proto, 'contentLength'))
    return readStored(proto.dtype!, file, toNumber(proto.contentAt), toNumber(proto.contentLength), shape, of);
  const count = countValues(shape, of);
  if (proto.content?.length) {
    expect(kind, shape, count, proto.content.length, of);
    return fromBytes(kind, proto.content, shape, count);
  }
  return filled(kind, proto, shape, count, file.size, of);
}

/** Values that stand in a file one after the other, little-endian: `length` bytes from `offset` on. */
export function readStored(
  dtype: number,
  file: ModelFile,
  offset: number,
  length: number,
  shape: readonly number[],
  of: string,
): Tensor {
  const kind = ELEMENTS[dtype];
  if (!kind) throw damaged(`${of} has the element type ${dtype}, which holds no numbers`);
  const count = countValues(shape, of);
  expect(kind, shape, count, length, of);
  if (dtype === DT.float) return file.floats(offset, shape, of);
  return fromBytes(kind, file.read(offset, length), shape, count);
}

function expect(kind: Element, shape: readonly number[], count: number, length: number, of: string): void {
  if (length !== count * kind.bytes)
    throw damaged(
      `${of} declares [${shape.join(', ')}] of ${kind.name}, ${count * kind.bytes} bytes, but ${length} are there; the file is damaged`,
    );
}

function fromBytes(kind: Element, bytes: Uint8Array, shape: readonly number[], count: number): Tensor {
  if (kind.name === 'float') return float32(new Float32Array(new Uint8Array(bytes).buffer), shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return make(kind.dtype, shape, count, (i) => kind.raw(view, i * kind.bytes));
}

/** Values in a field of their own type; the last one counts for all that are not there. */
function filled(
  kind: Element,
  proto: TensorProto,
  shape: readonly number[],
  count: number,
  fileSize: number,
  of: string,
): Tensor {
  const values = kind.typed(proto) ?? [];
  if (values.length > count || count > Math.max(2 ** 20, fileSize))
    throw damaged(
      `${of} declares [${shape.join(', ')}] of ${kind.name}, ${count} values, but ${values.length} are there; the file is damaged`,
    );
  const last = values.length - 1;
  return make(kind.dtype, shape, count, (i) => (last < 0 ? 0 : plain(values[Math.min(i, last)]!)));
}

const plain = (value: number | boolean | Int64): number =>
  typeof value === 'boolean' ? Number(value) : toNumber(value);

function make(dtype: DType, shape: readonly number[], length: number, value: (index: number) => number): Tensor {
  const source = { length } as ArrayLike<never>;
  const at = (_: never, i: number) => value(i);
  switch (dtype) {
    case 'int64':
      return { dtype, shape, data: BigInt64Array.from(source, (_, i) => BigInt(value(i))) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(source, at) };
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(source, at) };
    default:
      return { dtype, shape, data: Float32Array.from(source, at) };
  }
}
