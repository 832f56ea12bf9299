import { list } from '../../../graph/operator.ts';
import { int64 } from '../../../graph/tensor.ts';
import { input, made, type Kernel, type KernelTable } from '../kernel.ts';
import { Value } from '../value.ts';

/** The same values in the same order; only the shape is another. */
const renamed: Kernel = (run) => {
  const x = input(run, 0);
  return [made(run, run.device.reshape(x.get('onnx'), run.shapes[0]!), 'onnx', x.dtype)];
};

export const LAYOUT: KernelTable = {
  Reshape: renamed,
  Flatten: renamed,
  Squeeze: renamed,
  Unsqueeze: renamed,

  Transpose(run) {
    const x = input(run, 0);
    const perm = list(run.node, 'perm', x.shape.map((_, axis) => axis).reverse());
    const from = x.layout === 'last' ? perm.map((axis) => [0, 3, 1, 2][axis]!) : perm;
    return [made(run, run.device.run('Transpose', { x: x.get(x.layout) }, { perm: [...from] }), 'onnx', x.dtype)];
  },

  Shape: (run) => [Value.ofHost(run.device, int64(input(run, 0).shape))],
};
