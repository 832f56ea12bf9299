import { number, text } from '../../../graph/operator.ts';
import { padding, sliceRanges, splitSizes } from '../../../graph/operators/pieces.ts';
import type { TfTensor } from '../device.ts';
import { arranged, axisIn, commonLayout, input, made, type KernelTable, type Run } from '../kernel.ts';
import { Value } from '../value.ts';
import { expand } from '../zip.ts';

export const PIECES: KernelTable = {
  Concat(run) {
    const values = run.inputs.map((_, i) => input(run, i));
    const rank = values[0]!.shape.length;
    const layout = commonLayout(values, rank);
    const axis = axisIn(layout, number(run.node, 'axis', 1), rank);
    const tensors = values.map((value) => value.get(layout));
    const [first, ...others] = tensors as [TfTensor, ...TfTensor[]];
    const joined = others.length // TensorFlow refuses to join one
      ? run.device.run('Concat', tensors, { axis })
      : run.device.reshape(first, first.shape);
    return [made(run, joined, layout, values[0]!.dtype)];
  },

  Split(run) {
    const x = input(run, 0);
    const given = number(run.node, 'axis', 0);
    const axis = axisIn(x.layout, given, x.shape.length);
    const sizes = splitSizes(run.context, x.shape[axisIn('onnx', given, x.shape.length)]!);
    const parts = run.device.runAll('SplitV', { x: x.get(x.layout) }, { numOrSizeSplits: sizes, axis });
    return parts.map((part, i) => Value.ofDevice(run.device, part, run.shapes[i]!, x.dtype, x.layout));
  },

  Slice(run) {
    const x = input(run, 0);
    const ranges = sliceRanges(run.context);
    const by = x.shape.map((size, axis) => ranges.get(axis) ?? { start: 0, step: 1, length: size });
    const axes = arranged(x.layout, by);
    const tensor = x.get(x.layout);
    if (by.every(({ step }) => step === 1)) return [made(run, sliced(run, tensor, axes), x.layout, x.dtype)];
    let gathered = tensor;
    axes.forEach(({ start, step, length }, axis) => {
      if (start === 0 && step === 1 && length === gathered.shape[axis]) return;
      gathered = picked(
        run,
        gathered,
        axis,
        Array.from({ length }, (_, i) => start + i * step),
      );
    });
    return [made(run, gathered, x.layout, x.dtype)];
  },

  Pad(run) {
    const x = input(run, 0);
    const { begin, end } = padding(run.context);
    const pads = arranged(
      x.layout,
      begin.map((before, axis) => [before, end[axis]!] as const),
    );
    const mode = text(run.node, 'mode', 'constant');
    let tensor = x.get(x.layout);
    if (mode === 'constant') {
      const kept = pads.map(([before, after], axis) => {
        const start = Math.max(-before, 0);
        return { start, length: tensor.shape[axis]! - start - Math.max(-after, 0) };
      });
      if (pads.flat().some((pad) => pad < 0)) tensor = sliced(run, tensor, kept);
      const paddings = pads.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)]);
      const constantValue = Number(run.inputs[2]?.host().data[0] ?? 0);
      return [made(run, run.device.run('PadV2', { x: tensor }, { paddings, constantValue }), x.layout, x.dtype)];
    }
    pads.forEach(([before, after], axis) => {
      if (before === 0 && after === 0) return;
      const size = tensor.shape[axis]!;
      const at = Array.from({ length: before + size + after }, (_, i) => PADDED[mode]!(i - before, size));
      tensor = picked(run, tensor, axis, at);
    });
    return [made(run, run.device.reshape(tensor, tensor.shape), x.layout, x.dtype)];
  },

  Expand(run) {
    const x = input(run, 0);
    const shape = run.shapes[0]!;
    // A map's mean spread over it again: what follows are images.
    const layout = shape.length === 4 && x.shape.length === 4 ? 'last' : 'onnx';
    return [
      made(
        run,
        expand(run.device, x.get(layout), layout === 'last' ? arranged('last', shape) : shape),
        layout,
        x.dtype,
      ),
    ];
  },

  Gather(run) {
    const [x, indices] = [input(run, 0), input(run, 1)];
    const axis = axisIn(x.layout, number(run.node, 'axis', 0), x.shape.length);
    const layout = indices.shape.length === 1 ? x.layout : 'onnx';
    const at = layout === x.layout ? axis : axisIn('onnx', number(run.node, 'axis', 0), x.shape.length);
    return [made(run, picked(run, x.get(layout), at, wholeNumbers(indices)), layout, x.dtype)];
  },
};

const wholeNumbers = (value: Value): number[] => Array.from(value.host().data as ArrayLike<number | bigint>, Number);

/** Where a padded position comes from (ONNX, Pad). */
const PADDED: Readonly<Record<string, (at: number, size: number) => number>> = {
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  reflect(at, size) {
    const period = Math.max(1, 2 * (size - 1));
    const folded = ((at % period) + period) % period;
    return folded < size ? folded : period - folded;
  },
  wrap: (at, size) => ((at % size) + size) % size,
};

/** Parts of the last axis alone are copied by a loop: TensorFlow.js makes a view of each row. */
function sliced(
  { device }: Run,
  tensor: TfTensor,
  axes: readonly { readonly start: number; readonly length: number }[],
): TfTensor {
  const last = axes.length - 1;
  const rows = axes.slice(0, last).every(({ length }, axis) => length === tensor.shape[axis]);
  const { start, length } = axes[last]!;
  if (device.native || !rows || tensor.dtype !== 'float32')
    return device.run('Slice', { x: tensor }, { begin: axes.map((a) => a.start), size: axes.map((a) => a.length) });
  const step = tensor.shape[last]!;
  return device.compute('float32', [...tensor.shape.slice(0, last), length], [tensor], (out, values) => {
    for (let to = 0, from = start; to < out.length; from += step)
      for (let i = 0; i < length; i++) out[to++] = values![from + i]!;
  });
}

/** The given positions of an axis; negative ones count from its end. */
function picked({ device }: Run, tensor: TfTensor, axis: number, positions: readonly number[]): TfTensor {
  const size = tensor.shape[axis]!;
  const indices = device.upload({
    dtype: 'int32',
    shape: [positions.length],
    data: Int32Array.from(positions, (at) => (at < 0 ? at + size : at)),
  });
  const found = device.run('GatherV2', { x: tensor, indices }, { axis, batchDims: 0 });
  // In WebAssembly it is made with four axes, and a convolution that takes it for its bias sees those.
  return found.shape.length === 1 ? device.run('Slice', { x: found }, { begin: [0], size: [...found.shape] }) : found;
}
