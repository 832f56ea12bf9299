import { describe, expect, it } from 'vitest';
import { startOf } from '../../../src/core/attribution/affine-start.ts';
import { goalOf } from '../../../src/core/attribution/goal.ts';
import { gradients } from '../../../src/core/attribution/gradients.ts';
import { meanGradient, type Samples } from '../../../src/core/attribution/mean-gradient.ts';
import { summedGradients } from '../../../src/core/attribution/summed-gradient.ts';
import type { Context } from '../../../src/core/visualizers/visualizer.ts';
import { Network } from '../cam/networks.ts';
import { contextOf } from './context.ts';

const SIZE = 3 * 6 * 6;
const wave = (from: number) => Float32Array.from({ length: 2 * SIZE }, (_, i) => Math.sin(from + 0.7 * i));
const [start, end] = [wave(0), wave(5)];

/** Two classes by convolutions, in which ReLU shuts where a line between two pictures goes. */
const session = () =>
  new Network([3, 6, 6])
    .conv('image', 'scaled', [3, 3, 1, 1])
    .conv('scaled', 'stem', [4, 3, 3, 3])
    .add('Relu', ['stem'], 'relu')
    .conv('relu', 'classes', [2, 4, 3, 3])
    .add('Relu', ['classes'], 'shut')
    .add('GlobalAveragePool', ['shut'], 'scores')
    .session('scores');

const COUNT = 7;
const weight = (sample: number) => 0.1 + sample / 10;
const along = (sample: number) => sample / 6;
const samples = (line: boolean): Samples => ({
  count: COUNT,
  weight,
  fill(image, sample, into) {
    for (let i = 0, at = image * SIZE; i < SIZE; i++, at++)
      into[i] = start[at]! + along(sample) * (end[at]! - start[at]!);
  },
  ...(line && { line: { from: start, to: end, at: along } }),
});

/** Σ weight · gradient by image, each gradient by itself. */
async function direct(context: Context): Promise<Float64Array> {
  const goal = await goalOf(context);
  const sum = new Float64Array(2 * SIZE);
  const { fill } = samples(false);
  const inputs = {
    count: 2 * COUNT,
    image: (i: number) => i % 2,
    fill: (i: number, into: Float32Array) => fill(i % 2, i >> 1, into),
  };
  for await (const { from, count, gradients: found } of gradients(context, goal, inputs))
    for (let i = 0; i < count * SIZE; i++) {
      const input = from + Math.floor(i / SIZE);
      sum[(input % 2) * SIZE + (i % SIZE)]! += weight(input >> 1) * found[i]!;
    }
  return sum;
}

describe('sums of gradients', () => {
  it.each([
    ['on a line, by linearity', true, Infinity],
    ['of images, by linearity', false, Infinity],
    ['on a line', true, 0],
    ['of images', false, 0],
  ] as const)('%s are those of the gradients one by one', async (_, line, passes) => {
    const context = contextOf(await session(), [Array.from(end.subarray(0, SIZE)), Array.from(end.subarray(SIZE))]);
    const goal = await goalOf(context);
    const found = startOf(context.session.model.graph, goal.objective, 'image', passes)!;
    expect(found.tensor).toBe(passes ? 'stem' : 'image');
    const sums = new Float64Array(2 * SIZE);
    const seen = [0, 0];
    for await (const { image, count, values } of summedGradients(context, goal, samples(line), found)) {
      seen[image]! += count;
      values.forEach((value, i) => (sums[image * SIZE + i]! += value));
    }
    expect(seen).toEqual([COUNT, COUNT]);
    const expected = await direct(context);
    expect(expected.some((value) => Math.abs(value) > 0.01)).toBe(true);
    expected.forEach((value, i) => expect(sums[i]).toBeCloseTo(value, 5));
  });

  it('are taken by linearity where the start costs more than what is brought in; of any number of images', async () => {
    const { model } = await session();
    const goal = await goalOf(contextOf(await session(), [Array.from(start.subarray(0, SIZE))]));
    // Of each value of the stem: 2·3·9 operations, and 2·3·¾ for what it is made of.
    const startFor = (passes: number) => startOf(model.graph, goal.objective, 'image', passes)?.tensor;
    expect([startFor(3), startFor(4)]).toEqual(['image', 'stem']);
    const inputs = model.graph.inputs.map((input) => ({ ...input, shape: [1, ...input.shape.slice(1)] }));
    expect(startOf({ ...model.graph, inputs }, goal.objective, 'image', 4)).toBe(undefined);
  });

  it('give the same mean either way', async () => {
    const context = contextOf(await session(), [Array.from(end.subarray(0, SIZE)), Array.from(end.subarray(SIZE))]);
    const goal = await goalOf(context);
    let last: Float32Array | undefined;
    for await (const { mean, done, total } of meanGradient(context, goal, samples(true)))
      if (done === total) last = mean();
    const whole = Array.from({ length: COUNT }, (_, i) => weight(i)).reduce((a, b) => a + b);
    (await direct(context)).forEach((value, i) => expect(last![i]).toBeCloseTo(value / whole, 5));
  });
});
