import type { Tensor } from '../graph/tensor.ts';

/** Values that are made when they are asked for, and again when they had been let go: they cost no memory until then. */
export function lazily(shape: readonly number[], make: () => Float32Array): Tensor<'float32'> {
  let held: WeakRef<Float32Array> | undefined;
  return {
    dtype: 'float32',
    shape,
    get data() {
      let data = held?.deref();
      if (!data) held = new WeakRef((data = make()));
      return data;
    },
  };
}
