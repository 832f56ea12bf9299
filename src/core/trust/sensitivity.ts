import { explanation } from '../attribution/explain.ts';
import { float32 } from '../graph/tensor.ts';
import { random } from '../optimization/random.ts';
import type { HeatmapResult } from '../results.ts';
import type { AskedMethod } from '../visualizers/asked-method.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { placed } from './randomisation.ts';

interface Options {
  readonly samples: number;
  /** As a part of the image's range of values. */
  readonly radius: number;
}

/**
 * max ‖Φ(x + δ) − Φ(x)‖ / ‖Φ(x)‖ (Euclidean) over samples δ, each value uniform in −radius … radius: how much an attribution changes
 * when the image hardly does. Yeh, Hsieh, Suggala, Inouye & Ravikumar 2019, On the (In)fidelity and Sensitivity of Explanations,
 * §4. The method explains each sample by itself, with the same seed. Yields the largest so far.
 */
export async function* sensitivity(
  context: Context,
  { method, params }: AskedMethod,
  explained: HeatmapResult,
  { samples, radius }: Options,
): AsyncGenerator<{ readonly done: number; readonly total: number; readonly found: number }, void, void> {
  const { image, seed } = context;
  const own = attributionOf(explained);
  const { data, shape } = image.tensor;
  const one = data.subarray(0, data.length / shape[0]!);
  const reach = radius * extentOf(one);
  let found = 0;
  for (let sample = 0; sample < samples; sample++) {
    const { uniform } = random(seed, sample);
    const tensor = float32(
      one.map((value) => value + (2 * uniform() - 1) * reach),
      [1, ...shape.slice(1)],
    );
    const feeds = { ...image.feeds, [image.input.name]: tensor };
    const near = { ...context, ...placed(context, explained), image: { ...image, tensor, feeds } };
    const other = attributionOf(await explanation(near, method, params));
    found = Math.max(found, relativeChange(own, other));
    yield { done: sample + 1, total: samples, found };
  }
}

/** ‖b − a‖ / ‖a‖; 0 where a is nothing. */
export function relativeChange(a: Float32Array, b: Float32Array): number {
  let [change, norm] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    change += (b[i]! - a[i]!) ** 2;
    norm += a[i]! ** 2;
  }
  return norm === 0 ? 0 : Math.sqrt(change / norm);
}

/** The raw attribution of the first image, or its map where the method gives nothing finer. */
function attributionOf({ arrays, values }: HeatmapResult): Float32Array {
  const raw = arrays['attribution'];
  if (!raw) return values;
  return (raw.data as Float32Array).subarray(0, raw.data.length / raw.shape[0]!);
}

function extentOf(values: Float32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
}
