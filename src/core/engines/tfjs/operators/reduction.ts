import { number } from '../../../graph/operator.ts';
import { reduced } from '../../../graph/operators/reduction.ts';
import type { TfTensor } from '../device.ts';
import { axisIn, input, made, type Kernel, type KernelTable, type Run } from '../kernel.ts';
import type { Layout, Value } from '../value.ts';

/** With channels last the result without its axes has ONNX's order only where channels, or both sizes, are among them. */
function layoutFor(x: Value, axes: readonly number[], keep: boolean): Layout {
  if (x.layout === 'onnx' || keep) return x.layout;
  return axes.includes(1) || (axes.includes(2) && axes.includes(3)) ? 'last' : 'onnx';
}

function finish(run: Run, x: Value, tensor: TfTensor, layout: Layout, keep: boolean): Value {
  return made(run, tensor, layout === 'last' && keep && x.shape.length === 4 ? 'last' : 'onnx', x.dtype);
}

const reduction =
  (kernel: string): Kernel =>
  (run) => {
    const x = input(run, 0);
    const { axes } = reduced(run.context);
    const keep = number(run.node, 'keepdims', 1) === 1;
    const layout = layoutFor(x, axes, keep);
    const axis = axes.map((a) => axisIn(layout, a, x.shape.length));
    const tensor = axes.length
      ? run.device.run(kernel, { x: x.get(layout) }, { axis, reductionIndices: axis, keepDims: keep })
      : x.get(layout);
    return [finish(run, x, run.device.reshape(tensor, tensor.shape), layout, keep)];
  };

const argument =
  (better: (a: number, b: number) => boolean): Kernel =>
  (run) => {
    const x = input(run, 0);
    const axis = axisIn('onnx', number(run.node, 'axis', 0), x.shape.length);
    const length = x.shape[axis]!;
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const last = number(run.node, 'select_last_index', 0) === 1;
    const tensor = run.device.compute('int32', run.shapes[0]!, [x.get('onnx')], (out, values) => {
      for (let i = 0; i < out.length; i++) {
        const from = Math.floor(i / inner) * length * inner + (i % inner);
        let best = 0;
        for (let k = 1; k < length; k++) {
          const [value, most] = [values![from + k * inner]!, values![from + best * inner]!];
          if (better(value, most) || (last && value === most)) best = k;
        }
        out[i] = best;
      }
    });
    return [made(run, tensor, 'onnx', 'int64')];
  };

export const REDUCTIONS: KernelTable = {
  ReduceSum: reduction('Sum'),
  ReduceMean: reduction('Mean'),
  ReduceMax: reduction('Max'),
  ReduceMin: reduction('Min'),
  ReduceProd: reduction('Prod'),
  CumSum(run) {
    const [x, axis] = [input(run, 0), Number(input(run, 1).host().data[0])];
    const attributes = {
      axis: axisIn('onnx', axis, x.shape.length),
      exclusive: number(run.node, 'exclusive', 0) === 1,
      reverse: number(run.node, 'reverse', 0) === 1,
    };
    return [made(run, run.device.run('Cumsum', { x: x.get('onnx') }, attributes), 'onnx', x.dtype)];
  },
  ArgMax: argument((a, b) => a > b),
  ArgMin: argument((a, b) => a < b),
};
