import { broadcast } from '../../graph/operators/common.ts';
import { elements } from '../../graph/tensor.ts';
import type { Device, TfTensor, TfType } from './device.ts';
import { eachRow } from './rows.ts';

type Operation = (a: number, b: number, c: number) => number;

/** A function of one, two or three tensors, value by value, broadcast against each other. */
export function zip(device: Device, dtype: TfType, tensors: readonly TfTensor[], operation: Operation): TfTensor {
  const shapes = tensors.map((tensor) => tensor.shape);
  const to = broadcast(...shapes);
  return device.compute(dtype, to, tensors, (out, ...values) => {
    const [a, b, c] = [values[0]!, values[1] ?? values[0]!, values[2] ?? values[0]!];
    eachRow(to, shapes, (at, from, length, steps) => {
      let i = from[0]!;
      let j = from[1] ?? 0;
      let k = from[2] ?? 0;
      const [di, dj, dk] = [steps[0]!, steps[1] ?? 0, steps[2] ?? 0];
      for (const end = at + length; at < end; at++, i += di, j += dj, k += dk) out[at] = operation(a[i]!, b[j]!, c[k]!);
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
