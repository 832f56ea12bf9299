import { interpolation } from '../../../graph/operators/resize.ts';
import { constantNumbers, text } from '../../../graph/operator.ts';
import type { TfTensor } from '../device.ts';
import { input, made, type KernelTable, type Run } from '../kernel.ts';
import { Value } from '../value.ts';

/** Along one axis: out×size, how much of each value each resized one takes. */
interface Axis {
  readonly size: number;
  readonly out: number;
  readonly weights: Float32Array;
}

export const RESIZE: KernelTable = {
  Resize(run) {
    const x = input(run, 0);
    const scales = run.inputs[3] ? [] : constantNumbers(run.context, 2);
    const axes = x.shape.slice(2).map((size, i): Axis => {
      const out = run.shapes[0]![i + 2]!;
      return { size, out, weights: interpolation(run.context, size, out, scales[i + 2] ?? out / size) };
    });
    // A signal is an image of one row.
    while (axes.length < 2) axes.unshift({ size: 1, out: 1, weights: Float32Array.of(1) });
    if (axes.length > 2)
      throw new Error(`Resize '${run.node.name}' along ${axes.length} axes: only one or two can be run`);
    const image = x.view([...x.shape.slice(0, 2), ...axes.map(({ size }) => size)]);
    const value =
      text(run.node, 'mode', 'nearest') === 'nearest' ? copied(run, image, axes) : weighed(run, image, axes);
    if (x.shape.length === 4) return [value];
    const flat = run.device.reshape(value.get('onnx'), run.shapes[0]!);
    value.dispose();
    return [made(run, flat)];
  },
};

const shapeOf = ({ shape }: Value, axes: readonly Axis[]) => [...shape.slice(0, 2), ...axes.map(({ out }) => out)];

/** Each resized value is one of the old. */
function copied({ device }: Run, image: Value, axes: readonly Axis[]): Value {
  const [n, c, height, width] = image.shape as [number, number, number, number];
  const sources = axes.map(({ size, out, weights }) =>
    Array.from({ length: out }, (_, o) => weights.subarray(o * size, (o + 1) * size).indexOf(1)),
  );
  const [rows, columns] = sources as [number[], number[]];
  const tensor = device.compute('float32', [n, rows.length, columns.length, c], [image.get('last')], (out, values) => {
    let to = 0;
    for (let i = 0; i < n; i++)
      for (const row of rows)
        for (const column of columns) {
          const from = ((i * height + row) * width + column) * c;
          for (let channel = 0; channel < c; channel++) out[to++] = values![from + channel]!;
        }
  });
  return Value.ofDevice(device, tensor, shapeOf(image, axes), 'float32', 'last');
}

/** Linear and separable: two matrix products, Y = R·X·Cᵀ. */
function weighed({ device }: Run, image: Value, axes: readonly Axis[]): Value {
  const maps = image.shape[0]! * image.shape[1]!;
  /** Resizes the last of the axes maps×rows×columns, which then is the second. */
  const along = (tensor: TfTensor, rows: number, { size, out, weights }: Axis): TfTensor => {
    const b = device.upload({ dtype: 'float32', shape: [out, size], data: weights });
    const a = device.reshape(tensor, [maps * rows, size]);
    const product = device.run('BatchMatMul', { a, b }, { transposeA: false, transposeB: true });
    return device.run('Transpose', { x: device.reshape(product, [maps, rows, out]) }, { perm: [0, 2, 1] });
  };
  const [height, width] = axes as [Axis, Axis];
  const wide = along(image.get('onnx'), height.size, width);
  const shape = shapeOf(image, axes);
  const tensor = device.reshape(along(wide, width.out, height), shape);
  return Value.ofDevice(device, tensor, shape, 'float32', 'onnx');
}
