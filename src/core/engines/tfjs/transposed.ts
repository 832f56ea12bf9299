import { number } from '../../graph/operator.ts';
import { reach, windowOf, type Window } from '../../graph/windows.ts';
import type { TfTensor } from './device.ts';
import { input, made, type Run } from './kernel.ts';
import { convolve } from './operators/convolution.ts';
import type { Value } from './value.ts';

/** Along one axis of a transposed convolution written as a plain one. */
interface Phases {
  readonly stride: number;
  readonly dilation: number;
  readonly kernel: number;
  /** Of the kernel, by phase. */
  readonly taps: number;
  readonly pad: readonly [number, number];
  /** Rows before the first of the output, and how many it has. */
  readonly skipped: number;
  readonly out: number;
}

/**
 * A transposed convolution by a plain one, which runs many times faster on wasm: a phase of the output (its positions with
 * one remainder by the stride) is a convolution with every stride-th value of the kernel. All phases are computed at once,
 * as channels, and then put beside each other.
 */
export function transposedConvolution(run: Run): Value {
  const { device } = run;
  const weights = input(run, 1);
  const image = input(run, 0);
  const window = windowOf(run.context, weights.shape.slice(2));
  const group = number(run.node, 'group', 1);
  const [channels, filters] = weights.shape as [number, number];
  const axes = image.shape.slice(2).map((size, i) => phasesOf(size, run.shapes[0]![i + 2]!, window, i));
  const [rows, columns] = axes as [Phases, Phases];
  const attributes = { strides: [1, 1], pad: [rows.pad, columns.pad] };
  const key = `phases ${window.strides} ${window.dilations}`;
  const x = image.get('last');
  let beside: TfTensor;
  if (group === channels && filters === 1 && group > 1) {
    const filter = weights.prepared(key, () => phaseKernel(run, weights, axes, 0, channels));
    const phases = convolve(run, 'DepthwiseConv2D', x, filter, undefined, attributes);
    beside = interleaved(run, phases, axes, [channels, rows.stride, columns.stride], [0, 1, 4, 2, 5, 3]);
  } else {
    const each = channels / group;
    const parts = Array.from({ length: group }, (_, g) => {
      const filter = weights.prepared(`${key} ${g}`, () => phaseKernel(run, weights, axes, g * each, each));
      const [n, height, width] = x.shape as [number, number, number];
      const part =
        group === 1 ? x : device.run('Slice', { x }, { begin: [0, 0, 0, g * each], size: [n, height, width, each] });
      const phases = convolve(run, 'Conv2D', part, filter, undefined, attributes);
      return interleaved(run, phases, axes, [rows.stride, columns.stride, filters], [0, 1, 3, 2, 4, 5]);
    });
    beside = parts.length === 1 ? parts[0]! : device.run('Concat', parts, { axis: 3 });
  }
  const b = run.inputs[2]?.get('onnx');
  return made(run, b ? device.run('Add', { a: beside, b }) : beside, 'last');
}

/** Position q of the output with its padding is q = a·stride + phase; only those a are computed that are wanted. */
function phasesOf(size: number, out: number, window: Window, axis: number): Phases {
  const [stride, begin] = [window.strides[axis]!, window.begin[axis]!];
  const taps = Math.ceil(reach(window, axis) / stride);
  const first = Math.min(Math.floor(begin / stride), taps - 1);
  const last = Math.min(Math.floor((begin + out - 1) / stride), size + taps - 2);
  return {
    stride,
    dilation: window.dilations[axis]!,
    kernel: window.kernel[axis]!,
    taps,
    pad: [taps - 1 - first, Math.max(0, last - size + 1)],
    skipped: begin - first * stride,
    out,
  };
}

/**
 * The kernels of all phases: taps×taps×I×(stride·stride·O), or, where each channel has a filter of its own,
 * taps×taps×C×(stride·stride). `from` and `inputs` say which of the weights' I×O×kH×kW.
 */
function phaseKernel(run: Run, weights: Value, axes: readonly Phases[], from: number, inputs: number): TfTensor {
  const [y, x] = axes as [Phases, Phases];
  const outputs = weights.shape[1]!;
  const source = weights.host().data as Float32Array;
  const shape = [y.taps, x.taps, inputs, y.stride * x.stride * outputs];
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let to = 0;
  for (let ty = 0; ty < y.taps; ty++)
    for (let tx = 0; tx < x.taps; tx++)
      for (let i = from; i < from + inputs; i++)
        for (let py = 0; py < y.stride; py++)
          for (let px = 0; px < x.stride; px++, to += outputs) {
            const [ky, kx] = [tapOf(y, ty, py), tapOf(x, tx, px)];
            if (ky === undefined || kx === undefined) continue;
            for (let o = 0; o < outputs; o++)
              data[to + o] = source[((i * outputs + o) * y.kernel + ky) * x.kernel + kx]!;
          }
  return run.device.upload({ dtype: 'float32', shape, data });
}

/** Which value of the kernel a phase has at a tap; none for the gaps of a dilated kernel and beyond its end. */
function tapOf({ taps, stride, dilation, kernel }: Phases, tap: number, phase: number): number | undefined {
  const at = (phase + stride * (taps - 1 - tap)) / dilation;
  return Number.isInteger(at) && at < kernel ? at : undefined;
}

/** Phases, which lie in the last axis as `parts`, put beside each other, and cut or filled with zeros to the output's size. */
function interleaved(
  run: Run,
  phases: TfTensor,
  axes: readonly Phases[],
  parts: readonly number[],
  perm: number[],
): TfTensor {
  const { device } = run;
  const [n, rows, columns, depth] = phases.shape as [number, number, number, number];
  const [y, x] = axes as [Phases, Phases];
  const [height, width] = [rows * y.stride, columns * x.stride];
  const channels = depth / (y.stride * x.stride);
  const split = device.reshape(phases, [n, rows, columns, ...parts]);
  const laid = device.reshape(device.run('Transpose', { x: split }, { perm }), [n, height, width, channels]);
  const kept = [Math.min(y.out, height - y.skipped), Math.min(x.out, width - x.skipped)] as const;
  const cut = device.run('Slice', { x: laid }, { begin: [0, y.skipped, x.skipped, 0], size: [n, ...kept, channels] });
  if (kept[0] === y.out && kept[1] === x.out) return cut;
  const paddings = [
    [0, 0],
    [0, y.out - kept[0]],
    [0, x.out - kept[1]],
    [0, 0],
  ];
  return device.run('PadV2', { x: cut }, { paddings, constantValue: 0 });
}
