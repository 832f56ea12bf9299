/** Values in a new order of axes: axis i of the result is axis `perm[i]` of the input. */
export function transposed<T>(
  values: ArrayLike<T>,
  shape: readonly number[],
  perm: readonly number[],
  into: { [index: number]: T },
): void {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((n, size) => n * size, 1));
  const sizes = perm.map((axis) => shape[axis]!);
  const steps = perm.map((axis) => strides[axis]!);
  const position = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    into[to] = values[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
}

/** As `transposed`, for weights. */
export function transposeFloats(values: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  transposed(values, shape, perm, result);
  return result;
}
