import { interpolation } from '../../../graph/operators/resize.ts';
import { constantNumbers } from '../../../graph/operator.ts';
import { input, made, type KernelTable } from '../kernel.ts';

export const RESIZE: KernelTable = {
  /** Linear and separable: two matrix products, Y = R·X·Cᵀ, with the interpolation's own weights. */
  Resize(run) {
    const { device, context } = run;
    const x = input(run, 0);
    const [, , height, width] = x.shape as [number, number, number, number];
    const [n, c, outHeight, outWidth] = run.shapes[0] as [number, number, number, number];
    const scales = run.inputs[3] ? [] : constantNumbers(context, 2);
    const weights = (size: number, out: number, scale: number) =>
      device.upload({ dtype: 'float32', shape: [out, size], data: interpolation(context, size, out, scale) });
    const columns = weights(width, outWidth, scales[3] ?? outWidth / width);
    const rows = weights(height, outHeight, scales[2] ?? outHeight / height);
    const flat = device.reshape(x.get('onnx'), [n * c * height, width]);
    const wide = device.run('BatchMatMul', { a: flat, b: columns }, { transposeA: false, transposeB: true });
    const maps = device.reshape(wide, [n * c, height, outWidth]);
    const turned = device.run('Transpose', { x: maps }, { perm: [0, 2, 1] });
    const columnsFirst = device.reshape(turned, [n * c * outWidth, height]);
    const tall = device.run('BatchMatMul', { a: columnsFirst, b: rows }, { transposeA: false, transposeB: true });
    const back = device.run(
      'Transpose',
      { x: device.reshape(tall, [n * c, outWidth, outHeight]) },
      { perm: [0, 2, 1] },
    );
    return [made(run, back)];
  },
};
