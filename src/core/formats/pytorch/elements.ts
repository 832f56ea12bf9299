import { elements as countOf, type Tensor } from '../../graph/tensor.ts';
import type { ModelFile } from '../format.ts';
import { lazily } from '../lazy.ts';
import { fromBrain, fromHalf } from '../numbers.ts';

/** A type of numbers in PyTorch's files, little-endian. */
export interface Element {
  /** As PyTorch calls it. */
  readonly name: string;
  readonly bytes: number;
  /** Whether weights may be of it; whole numbers are indices and counts. */
  readonly real: boolean;
  read(view: DataView, at: number): number;
}

const element = (name: string, bytes: number, real: boolean, read: Element['read']): Element => ({
  name,
  bytes,
  real,
  read,
});

export const ELEMENTS = {
  float64: element('float64', 8, true, (view, at) => view.getFloat64(at, true)),
  float32: element('float32', 4, true, (view, at) => view.getFloat32(at, true)),
  float16: element('float16', 2, true, (view, at) => fromHalf(view.getUint16(at, true))),
  bfloat16: element('bfloat16', 2, true, (view, at) => fromBrain(view.getUint16(at, true))),
  int64: element('int64', 8, false, (view, at) => Number(view.getBigInt64(at, true))),
  int32: element('int32', 4, false, (view, at) => view.getInt32(at, true)),
  int16: element('int16', 2, false, (view, at) => view.getInt16(at, true)),
  int8: element('int8', 1, false, (view, at) => view.getInt8(at)),
  uint8: element('uint8', 1, false, (view, at) => view.getUint8(at)),
  bool: element('bool', 1, false, (view, at) => view.getUint8(at)),
} as const;

/** Where an array's values stand in its file. */
export interface Place {
  readonly file: ModelFile;
  /** Of the first value that any index reaches, in bytes. */
  readonly offset: number;
  readonly element: Element;
  readonly shape: readonly number[];
  /** Steps between neighbours along each axis, in values, none negative; left out: row-major. */
  readonly strides?: readonly number[];
}

/**
 * The values as float32. They are not read before they are asked for, and not kept: row-major float32 is referred to by its
 * place, anything else is converted each time. The place must lie inside the file.
 */
export function tensorAt(place: Place, of: string): Tensor<'float32'> {
  const { file, offset, element: kind, shape } = place;
  const strides = place.strides ?? rowMajor(shape);
  const plain = shape.every((size, axis) => size === 1 || strides[axis] === rowMajor(shape)[axis]);
  if (plain && kind === ELEMENTS.float32) return file.floats(offset, shape, of);
  return lazily(shape, () => convert(file, offset, kind, shape, strides));
}

/** How many values lie between the first and the last one, both included; none in an empty array. */
export const extent = (shape: readonly number[], strides: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);

const rowMajor = (shape: readonly number[]): number[] => shape.map((_, axis) => countOf(shape.slice(axis + 1)));

function convert(
  file: ModelFile,
  offset: number,
  { bytes, read }: Element,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array {
  const stored = file.read(offset, extent(shape, strides) * bytes);
  const view = new DataView(stored.buffer, stored.byteOffset);
  const values = new Float32Array(countOf(shape));
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    values[to] = read(view, from * bytes);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return values;
}
