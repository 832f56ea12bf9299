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

/** out×size: how much of each value each resized one takes (ONNX, Resize: modes nearest and linear). */
export function interpolation({ node }: ShapeContext, size: number, out: number, scale: number): Float32Array {
  const mode = text(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') throw new Error(`no gradient for Resize in mode ${mode}`);
  if (number(node, 'antialias', 0) === 1) throw new Error('no gradient for Resize with antialias');
  const weights = new Float32Array(out * size);
  const clamp = (at: number) => Math.min(Math.max(at, 0), size - 1);
  for (let o = 0; o < out; o++) {
    const at = original(text(node, 'coordinate_transformation_mode', 'half_pixel'), o, size, out, scale);
    if (mode === 'nearest')
      weights[o * size + clamp(nearest(text(node, 'nearest_mode', 'round_prefer_floor'), at))]! += 1;
    else {
      const low = Math.floor(at);
      weights[o * size + clamp(low)]! += 1 - (at - low);
      weights[o * size + clamp(low + 1)]! += at - low;
    }
  }
  return weights;
}

function original(mode: string, at: number, size: number, out: number, scale: number): number {
  switch (mode) {
    case 'half_pixel':
      return (at + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return out > 1 ? (at + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      return out > 1 ? (at * (size - 1)) / (out - 1) : 0;
    case 'asymmetric':
      return at / scale;
    default:
      throw new Error(`no gradient for Resize with coordinates ${mode}`);
  }
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
