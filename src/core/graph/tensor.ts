/** Element types of the ONNX subset. `bool` is held as 0 and 1 in a Uint8Array. */
export type DType = 'float32' | 'int64' | 'int32' | 'bool';

export interface TensorData {
  float32: Float32Array;
  int64: BigInt64Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/** Where a tensor's values stand in a file, little-endian, as they are; the file as it was when they were found there. */
export interface FileRange {
  readonly path: string;
  /** Of the first value, in bytes. */
  readonly offset: number;
  /** Of the whole file, in bytes. */
  readonly size: number;
  /** Of the whole file, in milliseconds since 1970. */
  readonly modified: number;
}

/**
 * A dense array, row-major. `data.length` is the product of `shape`. Where there is a `source`, `data` may be read from
 * the file whenever it is asked for: ask once and keep it while it is used.
 */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: TensorData[D];
  readonly source?: FileRange;
}

export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export function float32(data: Float32Array | readonly number[], shape: readonly number[]): Tensor<'float32'> {
  const array = data instanceof Float32Array ? data : Float32Array.from(data);
  if (array.length !== elements(shape))
    throw new RangeError(`${array.length} values do not fill the shape [${shape.join(', ')}]`);
  return { dtype: 'float32', shape, data: array };
}

/** A list of whole numbers, as shapes, axes and pads are given in ONNX. */
export function int64(values: readonly number[], shape: readonly number[] = [values.length]): Tensor<'int64'> {
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

export const scalar = (value: number): Tensor<'float32'> => float32([value], []);

/** The values as numbers, whatever their type. */
export const numbers = (tensor: Tensor): number[] => Array.from(tensor.data as ArrayLike<number | bigint>, Number);
