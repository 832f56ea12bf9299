import { number } from '../../../graph/operator.ts';
import { elements } from '../../../graph/tensor.ts';
import type { TfTensor } from '../device.ts';
import { input, made, scaled, withAxes, type KernelTable, type Run } from '../kernel.ts';
import type { Value } from '../value.ts';
import { expand } from '../zip.ts';

export const MATRIX: KernelTable = {
  Gemm(run) {
    const { device, node } = run;
    const product = multiplied(
      run,
      input(run, 0).get('onnx'),
      input(run, 1).get('onnx'),
      number(node, 'transA', 0) === 1,
      number(node, 'transB', 0) === 1,
    );
    const weighted = scaled(run, product, number(node, 'alpha', 1));
    const added = run.inputs[2];
    if (!added) return [made(run, weighted)];
    const bias = scaled(run, added.get('onnx'), number(node, 'beta', 1));
    return [made(run, device.run('Add', { a: weighted, b: bias }))];
  },

  MatMul(run) {
    const [a, b] = [input(run, 0), input(run, 1)];
    const shape = run.shapes[0]!;
    if (b.shape.length === 2) {
      const rows = run.device.reshape(a.get('onnx'), [elements(a.shape) / a.shape.at(-1)!, a.shape.at(-1)!]);
      return [made(run, multiplied(run, rows, b.get('onnx')))];
    }
    const batch = shape.slice(0, -2);
    const spread = (value: Value) => {
      const tensor = withAxes(value, shape.length).get('onnx');
      const wanted = [...batch, ...value.shape.slice(-2)];
      const whole = elements(wanted) === elements(tensor.shape) ? tensor : expand(run.device, tensor, wanted);
      return run.device.reshape(whole, [elements(batch), ...value.shape.slice(-2)]);
    };
    return [made(run, multiplied(run, spread(a), spread(b)))];
  },
};

/** Matrices, or as many of them on both sides. */
const multiplied = ({ device }: Run, a: TfTensor, b: TfTensor, transposeA = false, transposeB = false): TfTensor =>
  device.run('BatchMatMul', { a, b }, { transposeA, transposeB });
