import { list, number, text } from '../../../graph/operator.ts';
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

  DepthToSpace(run) {
    const { device, node } = run;
    const block = number(node, 'blocksize', 1);
    const [n, c, h, w] = input(run, 0).shape as [number, number, number, number];
    const depth = c / (block * block);
    const columnsFirst = text(node, 'mode', 'DCR') === 'CRD';
    const parts = columnsFirst ? [depth, block, block] : [block, block, depth];
    const split = device.reshape(input(run, 0).get('last'), [n, h, w, ...parts]);
    const perm = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];
    return [made(run, device.run('Transpose', { x: split }, { perm }), 'last')];
  },

  Shape: (run) => [Value.ofHost(run.device, int64(input(run, 0).shape))],
};
