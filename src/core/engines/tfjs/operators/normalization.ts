import { number } from '../../../graph/operator.ts';
import { elements } from '../../../graph/tensor.ts';
import type { TfTensor } from '../device.ts';
import { axisIn, input, made, type Kernel, type KernelTable, type Run } from '../kernel.ts';
import { Value } from '../value.ts';

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
      return device.reshape(
        device.run(kernel, { x: of }, { axis: [axis], reductionIndices: [axis], keepDims: true }),
        shape,
      );
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

  /** As at inference, with the running statistics. */
  BatchNormalization(run) {
    const { device } = run;
    const [x, scale, offset, mean, variance] = [0, 1, 2, 3, 4].map((i) => input(run, i));
    const [n, c, ...sizes] = x!.shape as [number, number, ...number[]];
    const image = x!.shape.length === 4 ? x! : x!.view([n, c, elements(sizes), 1]);
    const [s, o, m, v] = [scale!, offset!, mean!, variance!].map((value) => value.get('onnx'));
    const inputs = { x: image.get('last'), scale: s!, offset: o!, mean: m!, variance: v! };
    const tensor = device.run('FusedBatchNorm', inputs, { varianceEpsilon: number(run.node, 'epsilon', 1e-5) });
    if (image === x) return [made(run, tensor, 'last')];
    const whole = Value.ofDevice(device, tensor, image.shape, 'float32', 'last');
    const back = device.reshape(whole.get('onnx'), x!.shape);
    whole.dispose();
    return [made(run, back)];
  },

  /** Sums over neighbouring channels, which lie beside each other. */
  LRN(run) {
    const x = input(run, 0);
    const channels = x.shape[1]!;
    const size = number(run.node, 'size', 5);
    const alpha = number(run.node, 'alpha', 1e-4) / size;
    const [beta, bias] = [number(run.node, 'beta', 0.75), number(run.node, 'bias', 1)];
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
    const image = x.get('last');
    const tensor = run.device.compute('float32', image.shape, [image], (out, values) => {
      for (let pixel = 0; pixel < out.length; pixel += channels)
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          const end = Math.min(channels - 1, c + after);
          for (let k = Math.max(0, c - before); k <= end; k++) sum += values![pixel + k]! ** 2;
          out[pixel + c] = values![pixel + c]! * (bias + alpha * sum) ** -beta;
        }
    });
    return [made(run, tensor, 'last')];
  },
};
