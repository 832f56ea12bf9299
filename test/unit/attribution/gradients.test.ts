import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { askedSoFar, BATCH_BYTES, planBatches } from '../../../src/core/attribution/batches.ts';
import { goalOf } from '../../../src/core/attribution/goal.ts';
import { gradients, values } from '../../../src/core/attribution/gradients.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { LayerscopeError } from '../../../src/core/errors.ts';
import { contextOf } from './context.ts';
import { handNetwork, sessionOn } from './hand-network.ts';

/** cat = Σ x, dog = 2 Σ x on images of `side`², through some convolutions of `channels`; for a fixed number of images or any. */
const large = (side: number, channels: number, batch = BATCH) =>
  sessionOn([batch, 1, side, side], (builder) => {
    builder.constant('w', float32(new Float32Array(channels).fill(1 / channels), [channels, 1, 1, 1]));
    builder.constant(
      'v',
      float32([...new Array(channels).fill(1), ...new Array(channels).fill(2)], [2, channels, 1, 1]),
    );
    const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
    builder.addNode('Conv', ['x', 'w'], ['wide'], window);
    builder.addNode('Conv', ['wide', 'v'], ['maps'], window);
    builder.addNode('ReduceSum', ['maps', builder.ints([2, 3])], ['scores'], { keepdims: 0 });
    return 'scores';
  });

describe('gradients', () => {
  it('come in order, each of its own image and class', async () => {
    const context = contextOf(await handNetwork(), [
      [2, 1],
      [3, 1],
    ]);
    const goal = await goalOf(context);
    const inputs = {
      count: 7,
      image: (i: number) => i % 2,
      fill: (i: number, into: Float32Array) => into.set([2 + i, 1]),
    };
    const seen: number[] = [];
    let next = 0;
    for await (const { from, count, gradients: found, values: scores } of gradients(context, goal, inputs)) {
      expect(from).toBe(next);
      next += count;
      for (let i = 0; i < count; i++) {
        const [h1, h2] = [1 + from + i, 4 + 2 * (from + i)];
        expect(scores[i]).toBeCloseTo((from + i) % 2 === 0 ? 3 * h1 - 2 * h2 : h1 + h2, 4);
        seen.push(...found.subarray(2 * i, 2 * i + 2));
      }
    }
    expect(next).toBe(7);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].flatMap((i) => (i % 2 === 0 ? [-1, -5] : [3, 0])));
  });

  it('fill up the batch of a network that takes a fixed number of images', async () => {
    const context = contextOf(await large(2, 1, 4), [[0, 0, 0, 0]]);
    const goal = await goalOf(context);
    const inputs = { count: 6, image: () => 0, fill: (i: number, into: Float32Array) => into.fill(i) };
    const sizes: number[] = [];
    const found: number[] = [];
    for await (const { count, values: scores, gradients: own } of gradients(context, goal, inputs)) {
      sizes.push(count);
      expect(own.length).toBe(4 * count);
      found.push(...scores);
    }
    expect(sizes).toEqual([4, 2]);
    expect(found).toEqual([0, 4, 8, 12, 16, 20]);
  });

  it('run in lanes with the same result', async () => {
    const side = 256;
    const session = await large(side, 64);
    const context = contextOf(session, [new Array<number>(side * side).fill(1)]);
    const goal = await goalOf(context);
    const count = 400; // enough work for lanes to start
    const plan = planBatches(session, goal.objective, 4000);
    const inputs = { count: 40, image: () => 0, fill: (i: number, into: Float32Array) => into.fill(i / 8) };
    const scores: number[] = [];
    for await (const some of values(context, goal, inputs)) scores.push(...some.values);
    scores.forEach((score, i) => expect(score).toBeCloseTo((i / 8) * side * side, 0));
    expect(scores.length).toBe(40);
    expect(plan.images * plan.lanes).toBeLessThan(count);
  });

  it('end with Cancel, between two batches', async () => {
    const cancel = new AbortController();
    const context = contextOf(await large(2, 1, 1), [[1, 1, 1, 1]], cancel.signal);
    const goal = await goalOf(context);
    const inputs = { count: 5, image: () => 0, fill: (_: number, into: Float32Array) => into.fill(1) };
    let done = 0;
    const all = (async () => {
      for await (const { count } of gradients(context, goal, inputs)) {
        done += count;
        cancel.abort();
      }
    })();
    await expect(all).rejects.toSatisfy((error) => error instanceof LayerscopeError && error.kind === 'cancelled');
    expect(done).toBe(1);
  });
});

describe('planBatches', () => {
  it('keeps what runs at once within the bound, whatever the number of images', async () => {
    for (const [side, channels] of [
      [8, 4],
      [64, 64],
      [512, 128],
    ] as const) {
      const session = await large(side, channels);
      const { objective } = await goalOf(contextOf(session, [new Array<number>(side * side).fill(0)]));
      const activations = 4 * side * side * (channels + 2);
      for (const count of [1, 50, 10_000, 1e6]) {
        const { images, lanes } = planBatches(session, objective, count);
        expect(images).toBeGreaterThanOrEqual(1);
        expect(images * lanes === 1 || images * lanes * activations <= BATCH_BYTES).toBe(true);
        expect(images * lanes).toBeLessThanOrEqual(Math.max(count, 1));
      }
    }
  });

  it('gives one image all cores, however long it takes', async () => {
    const wide = 1024;
    const session = await sessionOn([BATCH, 1, 32, 32], (builder) => {
      builder.constant('w', float32(new Float32Array(wide), [wide, 1, 1, 1]));
      builder.constant('v', float32(new Float32Array(9 * wide * wide), [wide, wide, 3, 3]));
      const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
      builder.addNode('Conv', ['x', 'w'], ['wide'], { ...window, kernel_shape: [1, 1], pads: [0, 0, 0, 0] });
      builder.addNode('Conv', ['wide', 'v'], ['maps'], window);
      builder.addNode('ReduceSum', ['maps', builder.ints([2, 3])], ['scores'], { keepdims: 0 });
      return 'scores';
    });
    const { objective } = await goalOf(contextOf(session, [new Array<number>(32 * 32).fill(0)]));
    expect(planBatches(session, objective, 1)).toEqual({ images: 1, lanes: 1 });
    expect(planBatches(session, objective, 20).lanes).toBe(Math.min(session.engine.lanes!, os.availableParallelism()));
  });

  it('counts what is asked again of a program, but for few images', async () => {
    const [one, another] = [await large(8, 4), await large(8, 4)];
    expect([20, 20, 3, 20].map((count) => askedSoFar(one, 'a', count))).toEqual([20, 40, 3, 63]);
    expect(askedSoFar(one, 'b', 20)).toBe(20);
    expect(askedSoFar(another, 'a', 20)).toBe(20);
  });
});
