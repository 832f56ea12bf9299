import { number } from '../../../graph/operator.ts';
import type { TfTensor } from '../device.ts';
import { axisIn, input, made, type Kernel, type KernelTable, type Run } from '../kernel.ts';

/** Along any axis: TensorFlow.js has it for the last one alone. */
const softmax =
  (finish: (run: Run, shifted: TfTensor, sum: (x: TfTensor) => TfTensor) => TfTensor): Kernel =>
  (run) => {
    const { device } = run;
    const x = input(run, 0);
    const tensor = x.get(x.layout);
    const axis = axisIn(x.layout, number(run.node, 'axis', -1), x.shape.length);
    const reduced = (kernel: string, of: TfTensor) => {
      const shape = of.shape.map((size, i) => (i === axis ? 1 : size));
      return device.reshape(device.run(kernel, { x: of }, { axis: [axis], keepDims: true }), shape);
    };
    const shifted = device.run('Sub', { a: tensor, b: reduced('Max', tensor) });
    return [
      made(
        run,
        finish(run, shifted, (of) => reduced('Sum', of)),
        x.layout,
      ),
    ];
  };

export const NORMALIZATION: KernelTable = {
  Softmax: softmax(({ device }, shifted, sum) => {
    const exponentials = device.run('Exp', { x: shifted });
    return device.run('RealDiv', { a: exponentials, b: sum(exponentials) });
  }),
  LogSoftmax: softmax(({ device }, shifted, sum) => {
    const total = device.run('Log', { x: sum(device.run('Exp', { x: shifted })) });
    return device.run('Sub', { a: shifted, b: total });
  }),
};
