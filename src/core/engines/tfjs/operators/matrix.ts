import { number } from '../../../graph/operator.ts';
import type { TfTensor } from '../device.ts';
import { input, made, type KernelTable, type Run } from '../kernel.ts';

export const MATRIX: KernelTable = {
  Gemm(run) {
    const { device, node } = run;
    const product = device.run(
      'BatchMatMul',
      { a: input(run, 0).get('onnx'), b: input(run, 1).get('onnx') },
      { transposeA: number(node, 'transA', 0) === 1, transposeB: number(node, 'transB', 0) === 1 },
    );
    const scaled = times(run, product, number(node, 'alpha', 1));
    const added = run.inputs[2];
    if (!added) return [made(run, scaled)];
    const bias = times(run, added.get('onnx'), number(node, 'beta', 1));
    return [made(run, device.run('Add', { a: scaled, b: bias }))];
  },
};

const times = ({ device }: Run, tensor: TfTensor, factor: number): TfTensor =>
  factor === 1
    ? tensor
    : device.run('Multiply', {
        a: tensor,
        b: device.upload({ dtype: 'float32', shape: [], data: Float32Array.of(factor) }),
      });
