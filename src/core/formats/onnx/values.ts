import type { DType, Tensor } from '../../graph/tensor.ts';

/** So many for each image: `each`·N, which is known only when a graph runs. */
export class PerImage {
  constructor(readonly each: number) {}
}

/** A value in shape arithmetic: a number, or a multiple of the batch size. */
export type Item = number | PerImage;

export const isNumber = (item: Item): item is number => typeof item === 'number';

/** A tensor that is known when the file is read, but for the batch size in it. */
export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly items: readonly Item[] | Float32Array;
}

/** The values are read when they are first asked for, and held with the value: most weights never are. */
export function toValue(tensor: Tensor): Value {
  const { dtype, shape } = tensor;
  let items: number[] | Float32Array | undefined;
  return {
    dtype,
    shape,
    get items() {
      return (items ??= itemsOf(tensor));
    },
  };
}

const itemsOf = ({ data }: Tensor): number[] | Float32Array =>
  data instanceof Float32Array ? data : Array.from(data as ArrayLike<number | bigint>, Number);

/** The tensor; undefined where the batch size is in it. */
export function toTensor({ dtype, shape, items }: Value): Tensor | undefined {
  if (items instanceof Float32Array) return { dtype, shape, data: items };
  if (!items.every(isNumber)) return undefined;
  const values: readonly number[] = items;
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
