import { number } from '../../../graph/operator.ts';
import { windowOf } from '../../../graph/windows.ts';
import { arranged, input, made, type KernelTable, type Run } from '../kernel.ts';
import { asImages } from '../rank.ts';
import { Value } from '../value.ts';
import { axesOf, eachTap, type Axis } from '../windows.ts';

interface Pooling {
  readonly x: Value;
  readonly batch: number;
  readonly channels: number;
  readonly axes: readonly Axis[];
}

function poolingOf(run: Run): Pooling {
  const x = input(run, 0);
  const [batch, channels, ...sizes] = x.shape as [number, number, number, number];
  return { x, batch, channels, axes: axesOf(sizes, run.shapes[0]!.slice(2), windowOf(run.context)) };
}

/** What TensorFlow's kernels want; padding at the end reaches as far as the last window. */
const attributesOf = ({ axes }: Pooling) => ({
  filterSize: axes.map(({ kernel }) => kernel),
  strides: axes.map(({ stride }) => stride),
  pad: [[0, 0], ...axes.map((axis) => [axis.begin, Math.max(0, beyond(axis))]), [0, 0]],
});

/** How many values the last window covers beyond the end; negative where some are left out. */
const beyond = ({ size, out, kernel, stride, begin }: Axis) => (out - 1) * stride + kernel - size - begin;

/** Whether no window covers anything but the image, without gaps. */
const inside = ({ axes }: Pooling) =>
  axes.every((axis) => axis.begin === 0 && axis.dilation === 1 && beyond(axis) <= 0);

export const POOLING: KernelTable = {
  MaxPool: asImages((run) => {
    const pooling = poolingOf(run);
    const values = maxima(run, pooling);
    return run.node.outputs[1] ? [values, switches(run, pooling, values)] : [values];
  }),

  AveragePool: asImages((run) => {
    const pooling = poolingOf(run);
    if (!inside(pooling)) return [means(run, pooling)];
    const attributes = { ...attributesOf(pooling), pad: 'valid' };
    return [made(run, run.device.run('AvgPool', { x: pooling.x.get('last') }, attributes), 'last')];
  }),

  GlobalAveragePool: (run) => [global(run, 'Mean')],
  GlobalMaxPool: (run) => [global(run, 'Max')],
};

function global(run: Run, kernel: string): Value {
  const x = input(run, 0);
  const first = x.layout === 'last' ? 1 : 2;
  const axis = x.shape.slice(2).map((_, i) => i + first);
  return made(
    run,
    run.device.run(kernel, { x: x.get(x.layout) }, { axis, reductionIndices: axis, keepDims: true }),
    x.layout,
  );
}

/** Each window's largest value. */
function maxima(run: Run, pooling: Pooling): Value {
  const { x, batch, channels, axes } = pooling;
  const plain = run.device.native ? inside(pooling) : axes.every(({ dilation }) => dilation === 1);
  if (plain) return made(run, run.device.run('MaxPool', { x: x.get('last') }, attributesOf(pooling)), 'last');
  const shape = arranged('last', run.shapes[0]!);
  const tensor = run.device.compute('float32', shape, [x.get('last')], (out, values) =>
    eachTap(batch, channels, axes, (to, from, first) => {
      for (let c = 0; c < channels; c++)
        if (first || values![from + c]! > out[to + c]!) out[to + c] = values![from + c]!;
    }),
  );
  return made(run, tensor, 'last');
}

/** Where in the whole tensor, in ONNX's order, each window's largest value lies; the first of equal ones. */
function switches(run: Run, { x, batch, channels, axes }: Pooling, largest: Value): Value {
  const size = axes[0]!.size * axes[1]!.size;
  const shape = run.shapes[1]!;
  const tensors = [x.get('last'), largest.get('last')];
  const tensor = run.device.compute('int32', arranged('last', shape), tensors, (out, values, most) => {
    out.fill(-1);
    eachTap(batch, channels, axes, (to, from) => {
      const pixel = from / channels;
      const image = Math.floor(pixel / size);
      const place = image * channels * size + pixel - image * size;
      for (let c = 0; c < channels; c++)
        if (values![from + c]! === most![to + c]! && out[to + c]! < 0) out[to + c] = place + c * size;
    });
  });
  return Value.ofDevice(run.device, tensor, shape, 'int64', 'last');
}

/** Means where windows reach over the edge: over what lies in the image, or with `count_include_pad` in its padding too. */
function means(run: Run, { x, batch, channels, axes }: Pooling): Value {
  const padsCount = number(run.node, 'count_include_pad', 0) === 1;
  const { begin, end } = windowOf(run.context);
  const counts = axes.map((axis, i) => {
    const [from, to] = padsCount ? [-begin[i]!, axis.size + end[i]!] : [0, axis.size];
    return Array.from({ length: axis.out }, (_, at) => {
      const taps = Array.from({ length: axis.kernel }, (_, k) => at * axis.stride - axis.begin + k * axis.dilation);
      return taps.filter((tap) => tap >= from && tap < to).length;
    });
  });
  const [height, width] = axes.map(({ out }) => out) as [number, number];
  const tensor = run.device.compute('float32', [batch, height, width, channels], [x.get('last')], (out, values) => {
    out.fill(0);
    eachTap(batch, channels, axes, (to, from) => {
      for (let c = 0; c < channels; c++) out[to + c]! += values![from + c]!;
    });
    for (let i = 0; i < out.length; i++) {
      const pixel = Math.floor(i / channels);
      out[i]! /= counts[0]![Math.floor(pixel / width) % height]! * counts[1]![pixel % width]!;
    }
  });
  return made(run, tensor, 'last');
}
