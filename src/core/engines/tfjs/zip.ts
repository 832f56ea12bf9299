import { broadcast } from '../../graph/operators/common.ts';
import { elements } from '../../graph/tensor.ts';
import type { Device, TfTensor, TfType, Values } from './device.ts';
import { eachRow } from './rows.ts';

/** One row of a result, from `at` to `end`, and where in up to three tensors its values come from. */
export interface Row {
  readonly out: Values;
  readonly at: number;
  readonly end: number;
  readonly a: Values;
  readonly b: Values;
  readonly c: Values;
  /** Positions in a, b, c, and the steps to the next: 0 or 1. */
  readonly i: number;
  readonly j: number;
  readonly k: number;
  readonly di: number;
  readonly dj: number;
  readonly dk: number;
}

/** Computes a row. A function of its own for each operator: V8 makes that fast, and a shared loop with callbacks slow. */
export type Loop = (row: Row) => void;

/** A loop for what is seldom asked for. */
export const each =
  (of: (a: number, b: number, c: number) => number): Loop =>
  ({ out, at, end, a, b, c, i, j, k, di, dj, dk }) => {
    for (; at < end; at++, i += di, j += dj, k += dk) out[at] = of(a[i]!, b[j]!, c[k]!);
  };

/** A function of one, two or three tensors, value by value, broadcast against each other. */
export function zip(device: Device, dtype: TfType, tensors: readonly TfTensor[], loop: Loop): TfTensor {
  const shapes = tensors.map((tensor) => tensor.shape);
  const to = broadcast(...shapes);
  return device.compute(dtype, to, tensors, (out, ...values) => {
    const [a, b, c] = [values[0]!, values[1] ?? values[0]!, values[2] ?? values[0]!];
    eachRow(to, shapes, (at, [i = 0, j = 0, k = 0], length, [di = 0, dj = 0, dk = 0]) => {
      loop({ out, at, end: at + length, a, b, c, i, j, k, di, dj, dk });
    });
  });
}

/** The values of a tensor repeated until they fill a shape. */
export function expand(device: Device, tensor: TfTensor, shape: readonly number[]): TfTensor {
  const dtype = tensor.dtype as TfType;
  return device.compute(dtype, shape, [tensor], (out, values) => {
    if (elements(tensor.shape) === 1) return out.fill(values![0]!);
    eachRow(shape, [tensor.shape], (at, [from], length, [step]) => {
      if (step === 0) out.fill(values![from!]!, at, at + length);
      else out.set(values!.subarray(from!, from! + length), at);
    });
  });
}
