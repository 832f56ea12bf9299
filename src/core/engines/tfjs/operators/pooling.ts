import { windowOf } from '../../../graph/windows.ts';
import { input, made, type KernelTable } from '../kernel.ts';

export const POOLING: KernelTable = {
  MaxPool(run) {
    const x = input(run, 0);
    const window = windowOf(run.context);
    const attributes = {
      filterSize: window.kernel,
      strides: window.strides,
      pad: [[0, 0], ...window.begin.map((pad, i) => [pad, window.end[i]!]), [0, 0]],
    };
    return [made(run, run.device.run('MaxPool', { x: x.get('last') }, attributes), 'last')];
  },
  GlobalAveragePool(run) {
    const x = input(run, 0);
    const mean = run.device.run('Mean', { x: x.get('last') }, { axis: [1, 2], keepDims: true });
    return [made(run, mean, 'last')];
  },
};
