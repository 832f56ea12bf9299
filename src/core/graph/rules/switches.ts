import { asTarget } from '../graph.ts';
import { number, inputShape, type GradientContext, type GradientFunction } from '../operator.ts';
import { slide, windowOf, type Window } from '../windows.ts';

/**
 * Where a max-pool sends values back: to each window's largest one, the first in row-major order of several equal ones
 * (`recorded`: the switches of Zeiler & Fergus 2014, §2.1), or to the window's centre, whatever it holds (`none`).
 */
export type Switches = 'recorded' | 'none';

/**
 * Max-pooling without switches. The centre of a window of k values is value ⌊(k−1)/2⌋ (of an even number the one before the
 * middle: of 2×2 the corner at the top left, as Dosovitskiy 2015 unpools); where it lies in the padding or beyond the
 * border (ceil mode), the window's nearest value inside. What several windows send to one place adds up.
 */
export const withoutSwitches: Readonly<Record<string, GradientFunction>> = {
  MaxPool: (context) => {
    const ceil = number(context.node, 'ceil_mode', 0) === 1;
    return [placeAtCentres(context, windowOf(context), ceil)];
  },
  GlobalMaxPool: (context) => {
    const sizes = inputShape(context, 0).slice(2);
    const [ones, zeros] = [sizes.map(() => 1), sizes.map(() => 0)];
    return [
      placeAtCentres(context, { kernel: sizes, strides: ones, dilations: ones, begin: zeros, end: zeros }, false),
    ];
  },
};

/** Separable: along each axis a product with the matrix (input size × output size) that holds a one at each centre. */
function placeAtCentres({ builder: b, node, inputs, gradients }: GradientContext, window: Window, ceil: boolean) {
  const sizes = inputs[0]!.slice(2);
  const out = slide(sizes, window, ceil);
  let placed = gradients[0]!;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const at = centres(sizes[axis]!, out[axis]!, window, axis);
    const after = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
    const matrix = new Float32Array(sizes[axis]! * out[axis]!);
    at.forEach((to, from) => (matrix[to * out[axis]! + from] = 1));
    const centre = b.floats(`${node.name}/centres`, matrix, [sizes[axis]!, out[axis]!]);
    placed = b.add('MatMul', [centre, b.add('Reshape', [placed, b.ints([0, -1, out[axis]!, after])])]);
  }
  return b.add('Reshape', [placed, b.ints(asTarget(inputs[0]!))]);
}

/** The position of each window's centre along one axis. */
export function centres(size: number, count: number, window: Window, axis: number): number[] {
  const dilation = window.dilations[axis]!;
  return Array.from({ length: count }, (_, position) => {
    const start = position * window.strides[axis]! - window.begin[axis]!;
    const first = Math.max(0, Math.ceil(-start / dilation));
    const last = Math.min(window.kernel[axis]! - 1, Math.floor((size - 1 - start) / dilation));
    const middle = Math.floor((window.kernel[axis]! - 1) / 2);
    return start + dilation * Math.min(Math.max(middle, first), last);
  });
}
