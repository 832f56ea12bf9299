import type { DType } from '../../../graph/tensor.ts';
import { tfType, type TfTensor } from '../device.ts';
import { commonLayout, input, made, operand, scaled, type Kernel, type KernelTable, type Run } from '../kernel.ts';
import type { Layout, Value } from '../value.ts';
import * as loops from '../loops.ts';
import { each, zip, type Loop } from '../zip.ts';

/** All inputs, ready to be broadcast in the layout that most of their values have already. */
function operands(run: Run): { layout: Layout; values: readonly Value[]; tensors: TfTensor[] } {
  const values = run.inputs.map((_, i) => input(run, i));
  const layout = commonLayout(values, run.shapes[0]!.length);
  return { layout, values, tensors: values.map((value) => operand(value, layout)) };
}

/** By a loop of ours, for any type. */
const looped = (loop: Loop, dtype?: DType): Kernel => {
  return (run) => {
    const { layout, values, tensors } = operands(run);
    const type = dtype ?? values.at(-1)!.dtype;
    return [made(run, zip(run.device, tfType(type), tensors, loop), layout, type)];
  };
};

/** By TensorFlow's kernel, two inputs at a time; wasm broadcasts only numbers with fractions. */
const arithmetic = (kernel: string, whole: (a: number, b: number) => number): Kernel => {
  const loop = looped(each(whole));
  return (run) => {
    const { layout, values, tensors } = operands(run);
    const { dtype } = values[0]!;
    if (dtype !== 'float32' && !run.device.native) return loop(run);
    return [
      made(
        run,
        tensors.reduce((a, b) => run.device.run(kernel, { a, b })),
        layout,
        dtype,
      ),
    ];
  };
};

const truths = (kernel: string, loop: Loop): Kernel => {
  const here = looped(loop, 'bool');
  return (run) => {
    if (!run.device.native) return here(run);
    const { layout, tensors } = operands(run);
    return [made(run, run.device.run(kernel, { a: tensors[0]!, b: tensors[1]! }), layout, 'bool')];
  };
};

export const ARITHMETIC: KernelTable = {
  Add: arithmetic('Add', (a, b) => a + b),
  Sub: arithmetic('Sub', (a, b) => a - b),
  Mul: arithmetic('Multiply', (a, b) => a * b),
  Div: arithmetic('RealDiv', (a, b) => Math.trunc(a / b)),
  Pow: arithmetic('Pow', (a, b) => a ** b),
  Sum: arithmetic('Add', (a, b) => a + b),
  Max: arithmetic('Maximum', Math.max),
  Min: arithmetic('Minimum', Math.min),
  Mean(run) {
    const { layout, tensors } = operands(run);
    const sum = tensors.reduce((a, b) => run.device.run('Add', { a, b }));
    return [made(run, scaled(run, sum, 1 / tensors.length), layout)];
  },
  Where: looped(loops.where),
  Equal: truths('Equal', loops.equal),
  Greater: truths('Greater', loops.greater),
  GreaterOrEqual: truths('GreaterEqual', loops.greaterOrEqual),
  Less: truths('Less', loops.less),
  LessOrEqual: truths('LessEqual', loops.lessOrEqual),
  And: truths('LogicalAnd', loops.and),
  Or: truths('LogicalOr', loops.or),
};
