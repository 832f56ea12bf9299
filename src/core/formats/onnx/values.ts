import type { DType, Tensor } from '../../graph/tensor.ts';

/** A value in shape arithmetic: a number, or `N`, the batch size, which is known only when a graph runs. */
export type Item = number | 'N';

/** A tensor that is known when the file is read, but for the batch size in it. */
export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly items: readonly Item[] | Float32Array;
}

export function toValue({ dtype, shape, data }: Tensor): Value {
  if (data instanceof Float32Array) return { dtype, shape, items: data };
  return { dtype, shape, items: Array.from(data as ArrayLike<number | bigint>, Number) };
}

/** The tensor; undefined where the batch size is in it. */
export function toTensor({ dtype, shape, items }: Value): Tensor | undefined {
  if (items instanceof Float32Array) return { dtype, shape, data: items };
  if (items.includes('N')) return undefined;
  const values = items as readonly number[];
  switch (dtype) {
    case 'int64':
      return { dtype, shape, data: BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(values) };
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(values, Number) };
    default:
      return { dtype, shape, data: Float32Array.from(values) };
  }
}

export const list = (value: Value | undefined): readonly Item[] | undefined =>
  value && Array.from(value.items as Item[]);
