import { inputShape, list, number, type ShapeContext } from './operator.ts';
import type { Shape } from './graph.ts';

/** The sliding window of a convolution or pooling, along its spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first and after the last value, by axis. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** The window of Conv, ConvTranspose, MaxPool, AveragePool; `kernel` where the weights say it. Throws where its parts don't fit. */
export function windowOf({ node, inputs }: ShapeContext, kernel = list(node, 'kernel_shape', [])): Window {
  const axes = kernel.length;
  if (axes !== (inputs[0]?.length ?? 0) - 2) throw new Error(`a kernel of ${axes} axes`);
  const said = list(node, 'kernel_shape', kernel);
  if (said.some((size, i) => size !== kernel[i]) || said.length !== axes)
    throw new Error(`its kernel is said to be ${said.join('×')}, its weights are ${kernel.join('×')}`);
  const fill = (value: number) => new Array<number>(axes).fill(value);
  const steps = (name: 'strides' | 'dilations') => {
    const given = list(node, name, fill(1));
    if (given.length !== axes || given.some((step) => step < 1))
      throw new Error(`${name} ${given.join(', ')}: ${axes} whole numbers from 1 were expected`);
    return given;
  };
  const pads = list(node, 'pads', [...fill(0), ...fill(0)]);
  if (pads.length !== 2 * axes) throw new Error(`pads ${pads.join(', ')}: ${2 * axes} numbers were expected`);
  return {
    kernel,
    strides: steps('strides'),
    dilations: steps('dilations'),
    begin: pads.slice(0, axes),
    end: pads.slice(axes),
  };
}

/** How far a window reaches: the kernel with its holes. */
export const reach = (window: Window, axis: number): number => window.dilations[axis]! * (window.kernel[axis]! - 1) + 1;

/** Sizes of the output along the spatial axes. With `ceil`, a last window that is only partly filled counts. */
export function slide(sizes: readonly number[], window: Window, ceil = false): number[] {
  return sizes.map((size, axis) => {
    const stride = window.strides[axis]!;
    const room = size + window.begin[axis]! + window.end[axis]! - reach(window, axis);
    if (room < 0) throw new Error(`a window of ${reach(window, axis)} is larger than the padded input, ${size}`);
    let count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
    if (ceil && (count - 1) * stride >= size + window.begin[axis]!) count--; // would lie in the padding alone
    return count;
  });
}

/** The shape of a pooling's output. */
export function pooledShape(context: ShapeContext): Shape {
  const [batch, channels, ...sizes] = inputShape(context, 0);
  return [batch!, channels!, ...slide(sizes, windowOf(context), number(context.node, 'ceil_mode', 0) === 1)];
}
