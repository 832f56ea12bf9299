import { createOnnxRuntime } from '../../src/core/engines/onnxruntime.ts';
import type { Feeds } from '../../src/core/engines/engine.ts';
import { differentiate } from '../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { prune } from '../../src/core/graph/passes.ts';
import type { BackwardRule } from '../../src/core/graph/rules/index.ts';
import { inferShapes } from '../../src/core/graph/shapes.ts';
import { elements, float32, type Tensor } from '../../src/core/graph/tensor.ts';

/** A small seeded generator for test data: mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Values that differ from each other by at least 1/count: no ties, no value at a kink. Shuffled in −1…1. */
export function distinct(shape: readonly number[], seed = 1): Tensor<'float32'> {
  const next = random(seed);
  const count = elements(shape);
  const values = Float32Array.from({ length: count }, (_, i) => ((i + 0.5) / count) * 2 - 1);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return float32(values, shape);
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/**
 * Compares the gradient of Σ(output ∘ random weights) with central differences, for every value of an input, and the
 * inferred shape with the one that the engine gives. Returns the largest difference relative to the largest slope.
 */
export async function gradientError(
  write: (builder: GraphBuilder, x: string) => string,
  input: Tensor<'float32'>,
  options: { step?: number; rule?: BackwardRule; feeds?: Feeds } = {},
): Promise<{ error: number; gradient: Float32Array; numeric: number[] }> {
  const engine = await createOnnxRuntime();
  const builder = new GraphBuilder();
  const x = builder.input('x', [-1, ...input.shape.slice(1)]);
  const y = write(builder, x);
  const inferred = inferShapes(builder.graph()).get(y)!;
  const shape = inferred.map((size) => (size === -1 ? input.shape[0]! : size));
  const weights = distinct(
    inferred.map((size) => (size === -1 ? 1 : size)),
    7,
  );
  const weighted = builder.add('Mul', [y, builder.constant('weights', weights)]);
  const gradient = differentiate(builder, inferShapes(builder.graph()), weighted, [x], options.rule).get(x)!;
  const program = await engine.compile(prune(builder.graph(), [y, weighted, gradient]));

  const given = { x: input, ...options.feeds };
  const result = await program.run(given);
  if (result[y]!.shape.join() !== shape.join())
    throw new Error(`inferred ${shape}, the engine has ${result[y]!.shape}`);
  const analytic = result[gradient]!.data as Float32Array;
  const step = options.step ?? 1e-2;
  const numeric: number[] = [];
  const at = async (values: Float32Array) =>
    sum((await program.run({ ...given, x: float32(values, input.shape) }, [weighted]))[weighted]!.data as Float32Array);
  for (let i = 0; i < input.data.length; i++) {
    const up = Float32Array.from(input.data);
    const down = Float32Array.from(input.data);
    up[i]! += step;
    down[i]! -= step;
    numeric.push(((await at(up)) - (await at(down))) / (up[i]! - down[i]!));
  }
  await program.dispose();
  const scale = Math.max(...numeric.map(Math.abs), 1e-3);
  return {
    error: Math.max(...numeric.map((value, i) => Math.abs(value - analytic[i]!))) / scale,
    gradient: analytic,
    numeric,
  };
}
