/**
 * Padding with which a window of stride s makes ⌈size / s⌉ positions, as TensorFlow's SAME: an odd one goes to the end
 * (with `lower`, to the beginning). Begins of all axes, then ends, as ONNX's `pads`.
 */
export function samePads(
  sizes: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  lower = false,
): number[] {
  const begin: number[] = [];
  const end: number[] = [];
  sizes.forEach((size, axis) => {
    const stride = strides[axis]!;
    const reach = dilations[axis]! * (kernel[axis]! - 1) + 1;
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
    const less = Math.floor(total / 2);
    begin.push(lower ? total - less : less);
    end.push(lower ? less : total - less);
  });
  return [...begin, ...end];
}
