import { asTarget } from '../graph.ts';
import { float32 } from '../tensor.ts';
import { inputShape, number, type GradientContext, type OperatorTable, type ShapeContext } from '../operator.ts';
import { pooledShape, slide, windowOf, type Window } from '../windows.ts';
import { convolutionInputGradient } from './convolution-gradient.ts';
import { zerosLike } from './common.ts';

const pooledOnce = (context: ShapeContext) => {
  const [batch, channels, ...sizes] = inputShape(context, 0);
  return [[batch!, channels!, ...sizes.map(() => 1)]];
};

export const POOLING: OperatorTable = {
  MaxPool: {
    shape: (context) => [pooledShape(context), pooledShape(context)],
    gradient: (context) => [maxPoolGradient(context)],
  },
  AveragePool: {
    shape: (context) => [pooledShape(context)],
    gradient: (context) => [averagePoolGradient(context)],
  },
  GlobalAveragePool: {
    shape: pooledOnce,
    gradient(context) {
      const { builder, gradients } = context;
      const sizes = inputShape(context, 0).slice(2);
      const share = builder.scalar(1 / sizes.reduce((product, size) => product * size, 1));
      return [builder.add('Expand', [builder.add('Mul', [gradients[0]!, share]), builder.ints([1, 1, ...sizes])])];
    },
  },
  GlobalMaxPool: {
    shape: pooledOnce,
    /** The whole gradient to the first largest value in row-major order. */
    gradient(context) {
      const { builder, node, gradients } = context;
      const shape = inputShape(context, 0);
      const flat = builder.add('Reshape', [node.inputs[0]!, builder.ints([0, 0, -1])]);
      const first = builder.add('ArgMax', [flat], { axis: 2, keepdims: 1 });
      const values = builder.add('Reshape', [gradients[0]!, builder.ints([0, 0, 1])]);
      const placed = builder.add('ScatterElements', [zerosLike(builder, flat), first, values], { axis: 2 });
      return [builder.add('Reshape', [placed, builder.ints(asTarget(shape))])];
    },
  },
};

/**
 * The gradient goes to each window's largest value, the first in row-major order of several equal ones; where windows
 * overlap, what comes from them adds up. The indices are those that a second `MaxPool` records.
 */
function maxPoolGradient({ builder, node, inputs, gradients, arrived }: GradientContext): string {
  const outputs = [builder.unique(`${node.name}/values`), builder.unique(`${node.name}/switches`)];
  const [, switches] = builder.addNode('MaxPool', [node.inputs[0]!], outputs, node.attributes, `${node.name}/switches`);
  const everything = builder.ints([-1]);
  const flat = (tensor: string) => builder.add('Reshape', [tensor, everything]);
  // Onto what is there already: zeros and a sum would be two more passes over the map.
  const others = arrived?.(0);
  const placed = builder.add(
    'ScatterElements',
    [
      others === undefined ? zerosLike(builder, flat(node.inputs[0]!)) : flat(others),
      builder.add('Reshape', [switches!, everything]),
      builder.add('Reshape', [gradients[0]!, everything]),
    ],
    { axis: 0, reduction: 'add' },
    `${node.name}/scatter`,
  );
  return builder.add('Reshape', [placed, builder.ints(asTarget(inputs[0]!))]);
}

/** A depthwise convolution's gradient with kernels of ones, after each mean's share was divided by its count. */
function averagePoolGradient(context: GradientContext): string {
  const { builder, node, gradients } = context;
  const [, channels, ...sizes] = inputShape(context, 0) as [number, number, ...number[]];
  const window = windowOf(context);
  const ceil = number(node, 'ceil_mode', 0) === 1;
  const out = slide(sizes, window, ceil);
  // A last, partly filled window of ceil mode is one with more padding, which never counts.
  const covered = { ...window, end: window.end.map((pad, i) => pad + overhang(sizes[i]!, out[i]!, window, i)) };
  const shares = windowShares(sizes, out, window, number(node, 'count_include_pad', 0) === 1);
  const share = builder.floats(`${node.name}/shares`, shares, [1, 1, ...out]);
  const ones = float32(new Float32Array(channels * window.kernel.reduce((a, b) => a * b, 1)).fill(1), [
    channels,
    1,
    ...window.kernel,
  ]);
  const scaled = builder.add('Mul', [gradients[0]!, share]);
  const name = builder.constant(`${node.name}/ones`, ones);
  const convolution = { builder, name, weights: ones.shape, window: covered, group: channels };
  return convolutionInputGradient(convolution, scaled, sizes);
}

/** How far the last window reaches over the padded input. */
function overhang(size: number, count: number, window: Window, axis: number): number {
  const reached = (count - 1) * window.strides[axis]! + window.dilations[axis]! * (window.kernel[axis]! - 1) + 1;
  return Math.max(0, reached - size - window.begin[axis]! - window.end[axis]!);
}

/** 1 / (how many values each window's mean is taken over), over the spatial axes. */
function windowShares(
  sizes: readonly number[],
  out: readonly number[],
  window: Window,
  padsCount: boolean,
): Float32Array {
  const counts = sizes.map((size, axis) => {
    const from = padsCount ? -window.begin[axis]! : 0;
    const to = padsCount ? size + window.end[axis]! : size;
    return Array.from({ length: out[axis]! }, (_, position) => {
      let count = 0;
      for (let k = 0; k < window.kernel[axis]!; k++) {
        const at = position * window.strides[axis]! - window.begin[axis]! + k * window.dilations[axis]!;
        if (at >= from && at < to) count++;
      }
      return count;
    });
  });
  let shares = [1];
  for (const axis of counts) shares = shares.flatMap((share) => axis.map((count) => share / count));
  return Float32Array.from(shares);
}
