import { number, text } from '../../../graph/operator.ts';
import { windowOf, type Window } from '../../../graph/windows.ts';
import type { TfTensor } from '../device.ts';
import { input, made, type KernelTable, type Run } from '../kernel.ts';
import type { Value } from '../value.ts';

export const CONVOLUTION: KernelTable = {
  Conv: (run) => [convolution(run)],
};

/** An attribute of ours: what follows a convolution in the same kernel, by TensorFlow's name. */
export const ACTIVATION = 'activation';

function convolution(run: Run): Value {
  const { device } = run;
  const weights = input(run, 1);
  const window = windowOf(run.context, weights.shape.slice(2));
  const group = number(run.node, 'group', 1);
  const [filters, perGroup] = weights.shape as [number, number];
  const x = input(run, 0).get('last');
  const bias = run.inputs[2]?.get('onnx');
  if (group === 1) {
    const filter = weights.prepared('HWIO', () =>
      device.run('Transpose', { x: weights.get('onnx') }, { perm: [2, 3, 1, 0] }),
    );
    return made(run, convolve(run, 'Conv2D', x, filter, bias, window), 'last');
  }
  if (perGroup === 1) {
    // O = I·M outputs, in the order of the inputs, as TensorFlow has them.
    const filter = weights.prepared('HWIM', () => {
      const turned = device.run('Transpose', { x: weights.get('onnx') }, { perm: [2, 3, 0, 1] });
      return device.reshape(turned, [...window.kernel, group, filters / group]);
    });
    return made(run, convolve(run, 'DepthwiseConv2D', x, filter, bias, window), 'last');
  }
  throw new Error('groups');
}

/** N×H×W×C; a filter in TensorFlow's order. */
function convolve(
  run: Run,
  kind: 'Conv2D' | 'DepthwiseConv2D',
  x: TfTensor,
  filter: TfTensor,
  bias: TfTensor | undefined,
  window: Window,
): TfTensor {
  const activation = text(run.node, ACTIVATION, 'linear');
  const attributes = {
    strides: [...window.strides],
    dilations: [...window.dilations],
    pad: [[0, 0], ...window.begin.map((pad, i) => [pad, window.end[i]!]), [0, 0]],
    dataFormat: 'NHWC',
    activation,
  };
  return run.device.run(`Fused${kind}`, { x, filter, ...(bias && { bias }) }, attributes);
}
