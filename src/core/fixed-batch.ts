import type { Feeds } from './engines/engine.ts';
import { BATCH } from './graph/graph.ts';
import { float32, type Tensor } from './graph/tensor.ts';
import type { ModelInput } from './model.ts';

type Found = Record<string, Tensor>;

/**
 * Runs a program on `count` images. A network that computes with a fixed number of them sees as many at a time, the last one again to
 * fill up; feeds and outputs of one row an image are parted and joined, all others stay as they are.
 */
export async function byFixedBatches(
  { shape }: ModelInput,
  count: number,
  feeds: Feeds,
  run: (feeds: Feeds) => Promise<Found>,
): Promise<Found> {
  const most = shape[0]!;
  if (most === BATCH || most === count) return run(feeds);
  const all: Record<string, Tensor<'float32'>> = {};
  for (let from = 0; from < count; from += most) {
    const rows = Array.from({ length: most }, (_, i) => Math.min(from + i, count - 1));
    const own = Object.entries(feeds).map(([name, feed]) => [
      name,
      feed.shape[0] === count ? picked(feed, rows) : feed,
    ]);
    const found = await run(Object.fromEntries(own) as Feeds);
    for (const [name, part] of Object.entries(found)) {
      const size = part.data.length / most;
      all[name] ??= float32(new Float32Array(count * size), [count, ...part.shape.slice(1)]);
      all[name].data.set((part.data as Float32Array).subarray(0, Math.min(most, count - from) * size), from * size);
    }
  }
  return all;
}

/** The same for feeds of a network's inputs, as many images as the first of them has. */
export function asFed(
  inputs: readonly ModelInput[],
  feeds: Feeds,
  run: (feeds: Feeds) => Promise<Found>,
): Promise<Found> {
  const input = inputs.find(({ name }) => feeds[name]);
  return input ? byFixedBatches(input, feeds[input.name]!.shape[0]!, feeds, run) : run(feeds);
}

function picked({ data, shape }: Tensor, rows: readonly number[]): Tensor<'float32'> {
  const size = data.length / shape[0]!;
  const some = new Float32Array(rows.length * size);
  rows.forEach((row, i) => some.set((data as Float32Array).subarray(row * size, (row + 1) * size), i * size));
  return float32(some, [rows.length, ...shape.slice(1)]);
}
