import { number } from '../../../graph/operator.ts';
import { tfType } from '../device.ts';
import { axisIn, input, made, type KernelTable } from '../kernel.ts';
import { Value } from '../value.ts';
import { eachPosition } from './scatter.ts';

export const SELECTION: KernelTable = {
  TopK(run) {
    const x = input(run, 0);
    const axis = axisIn('onnx', number(run.node, 'axis', -1), x.shape.length);
    const sign = number(run.node, 'largest', 1) === 1 ? -1 : 1;
    const [shape, length] = [run.shapes[0]!, x.shape[axis]!];
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const k = shape[axis]!;
    const from = x.get('onnx');
    const places = run.device.compute('int32', shape, [from], (out, values) => {
      const order = Array.from({ length }, (_, i) => i);
      for (let row = 0; row < out.length / k; row++) {
        const start = Math.floor(row / inner) * inner * length + (row % inner);
        const to = Math.floor(row / inner) * inner * k + (row % inner);
        const value = (i: number) => sign * values![start + i * inner]!;
        order.sort((a, b) => value(a) - value(b) || a - b);
        for (let i = 0; i < k; i++) out[to + i * inner] = order[i]!;
      }
    });
    const chosen = run.device.compute('float32', shape, [from, places], (out, values, at) =>
      eachPosition(shape, x.shape, axis, (i, base, stride) => {
        out[i] = values![base + at![i]! * stride]!;
      }),
    );
    return [made(run, chosen, 'onnx', x.dtype), Value.ofDevice(run.device, places, shape, 'int64', 'onnx')];
  },

  GatherElements(run) {
    const [x, places] = [input(run, 0), input(run, 1)];
    const axis = axisIn('onnx', number(run.node, 'axis', 0), x.shape.length);
    const size = x.shape[axis]!;
    const tensors = [x.get('onnx'), places.get('onnx')];
    const type = tfType(x.dtype) as 'float32'; // or another, which is copied in the same way
    const tensor = run.device.compute(type, run.shapes[0]!, tensors, (out, values, at) =>
      eachPosition(places.shape, x.shape, axis, (i, base, stride) => {
        out[i] = values![base + (at![i]! < 0 ? at![i]! + size : at![i]!) * stride]!;
      }),
    );
    return [made(run, tensor, 'onnx', x.dtype)];
  },
};
