import {
  constantNumbers,
  inputShape,
  number,
  text,
  type GradientContext,
  type OperatorTable,
  type ShapeContext,
} from '../operator.ts';
import type { Shape } from '../graph.ts';

export const RESIZE: OperatorTable = {
  /** Sizes are given (input 3), or scales (input 2); both by axis. */
  Resize: {
    shape: (context) => [resizedShape(context)],
    gradient: (context) => [resizeGradient(context)],
  },
};

function resizedShape(context: ShapeContext): Shape {
  const shape = inputShape(context, 0);
  if (context.inputs[3]) return constantNumbers(context, 3).map((size, axis) => (axis === 0 ? shape[0]! : size));
  const scales = constantNumbers(context, 2);
  return shape.map((size, axis) => (scales[axis] === 1 ? size : Math.floor(size * scales[axis]!)));
}

/** Resizing is linear and separable: Y = R·X·Cᵀ, so ∂X = Rᵀ·∂Y·C. */
function resizeGradient(context: GradientContext): string {
  const { builder, node, gradients, outputs } = context;
  const [, , height, width] = inputShape(context, 0) as [number, number, number, number];
  const [, , outHeight, outWidth] = outputs[0] as [number, number, number, number];
  const scales = context.inputs[3] ? [] : constantNumbers(context, 2);
  const rows = interpolation(context, height, outHeight, scales[2] ?? outHeight / height);
  const columns = interpolation(context, width, outWidth, scales[3] ?? outWidth / width);
  const transposed = new Float32Array(rows.length);
  for (let o = 0; o < outHeight; o++)
    for (let i = 0; i < height; i++) transposed[i * outHeight + o] = rows[o * height + i]!;
  const left = builder.floats(`${node.name}/rows`, transposed, [height, outHeight]);
  const right = builder.floats(`${node.name}/columns`, columns, [outWidth, width]);
  return builder.add('MatMul', [builder.add('MatMul', [left, gradients[0]!]), right]);
}

/** out×size: how much of each value each resized one takes (ONNX, Resize). */
export function interpolation({ node }: ShapeContext, size: number, out: number, scale: number): Float32Array {
  const mode = text(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear' && mode !== 'cubic')
    throw new Error(`no gradient for Resize in mode ${mode}`);
  if (number(node, 'exclude_outside', 0) === 1) throw new Error('no gradient for Resize with exclude_outside');
  if (number(node, 'antialias', 0) === 1) throw new Error('no gradient for Resize with antialias');
  const weights = new Float32Array(out * size);
  const clamp = (at: number) => Math.min(Math.max(at, 0), size - 1);
  for (let o = 0; o < out; o++) {
    const at = original(text(node, 'coordinate_transformation_mode', 'half_pixel'), o, size, out, scale);
    if (mode === 'nearest')
      weights[o * size + clamp(nearest(text(node, 'nearest_mode', 'round_prefer_floor'), at))]! += 1;
    else {
      const low = Math.floor(at);
      const shares =
        mode === 'linear' ? [1 - (at - low), at - low] : cubic(at - low, number(node, 'cubic_coeff_a', -0.75));
      const first = mode === 'linear' ? low : low - 1;
      shares.forEach((part, i) => (weights[o * size + clamp(first + i)]! += part));
    }
  }
  return weights;
}

/** The position that a resized one has in the input; in single precision as runtimes compute it, as `nearest` may rest on it. */
function original(mode: string, at: number, size: number, out: number, scale: number): number {
  const f = Math.fround;
  switch (mode) {
    case 'half_pixel':
      return f(f((at + 0.5) / f(scale)) - 0.5);
    case 'pytorch_half_pixel':
      return out > 1 ? f(f((at + 0.5) / f(scale)) - 0.5) : 0;
    case 'align_corners':
      return out > 1 ? f((at * (size - 1)) / (out - 1)) : 0;
    case 'asymmetric':
      return f(at / f(scale));
    default:
      throw new Error(`no gradient for Resize with coordinates ${mode}`);
  }
}

/** How much the two values before and the two after a position count, `t` beyond the second (Keys 1981). */
function cubic(t: number, a: number): number[] {
  const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

function nearest(mode: string, at: number): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(at - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    case 'floor':
      return Math.floor(at);
    default:
      return Math.ceil(at);
  }
}
