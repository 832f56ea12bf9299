import { values } from '../attribution/gradients.ts';
import type { Goal } from '../attribution/goal.ts';
import { asMaps } from '../attribution/reduce.ts';
import { random } from '../optimization/random.ts';
import type { Series } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';

export interface PixelCurve {
  readonly name: string;
  /** Pixel numbers, those that go first at the start. */
  readonly order: Uint32Array;
  /** What the picture is before the first and after the last pixel: one image, in the shape of the input. */
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly steps: number;
}

/**
 * The goal's value while an image becomes another, pixel by pixel, all channels of a pixel at once: deletion, where the image
 * becomes one that shows nothing, and insertion, the other way. x: part of the pixels, 0 to 1; area by trapezoids.
 * Petsiuk, Das & Saenko 2018, RISE, §4. One forward pass a step and one more, in batches (`planBatches`). Yields what is done so far.
 */
export async function* pixelCurve(
  context: Context,
  goal: Goal,
  curve: PixelCurve,
): AsyncGenerator<number, Series, void> {
  const { order, before, after, steps } = curve;
  const [, channels] = asMaps(context.image.tensor.shape);
  const area = order.length;
  const count = Math.min(steps, area);
  const y = new Float32Array(count + 1);
  const inputs = {
    count: count + 1,
    image: () => 0,
    fill(step: number, into: Float32Array) {
      into.set(before);
      for (const pixel of order.subarray(0, Math.round((step * area) / count)))
        for (let c = 0; c < channels; c++) into[c * area + pixel] = after[c * area + pixel]!;
    },
  };
  for await (const some of values(context, goal, inputs)) {
    y.set(some.values, some.from);
    yield (some.from + some.count) / inputs.count;
  }
  const x = Float32Array.from(y, (_, step) => Math.round((step * area) / count) / area);
  return { name: curve.name, x, y, area: areaUnder(x, y) };
}

/** By trapezoids. */
export function areaUnder(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return sum;
}

/** The numbers of a map's pixels, the largest value first; of equal ones the first in row-major order. */
export function strongestFirst(map: Float32Array): Uint32Array {
  return Uint32Array.from(map, (_, i) => i).sort((a, b) => map[b]! - map[a]! || a - b);
}

/** Of a map that knows nothing. */
export function randomOrder(count: number, seed: number): Uint32Array {
  const { upTo } = random(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = upTo(i);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
