import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import type { Model } from '../../../src/core/model.ts';
import { elements, float32, type Tensor } from '../../../src/core/graph/tensor.ts';

/** Values in −1…1 that look random and are the same each time. */
export const noise = (shape: readonly number[]): Tensor<'float32'> =>
  float32(
    Float32Array.from({ length: elements(shape) }, (_, i) => Math.sin(i * 12.9898 + 1)),
    shape,
  );

/** Runs a model's graph; returns each of its outputs. */
export async function runModel(model: Model, input: Tensor<'float32'>): Promise<Tensor[]> {
  const engine = await createOnnxRuntime();
  const program = await engine.compile(model.graph);
  const results = await program.run({ [model.inputs[0]!.name]: input });
  await program.dispose();
  return model.graph.outputs.map((name) => results[name]!);
}

export const runFile = async (path: string, input: Tensor<'float32'>): Promise<Tensor[]> =>
  runModel(await openModel(path), input);

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** N×H×W×C to N×C×H×W. */
export function toNchw({ data, shape }: Tensor<'float32'>): Tensor<'float32'> {
  const [n, h, w, c] = shape as [number, number, number, number];
  const moved = new Float32Array(data.length);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < h * w; p++)
      for (let k = 0; k < c; k++) moved[(i * c + k) * h * w + p] = data[(i * h * w + p) * c + k]!;
  return float32(moved, [n, c, h, w]);
}
