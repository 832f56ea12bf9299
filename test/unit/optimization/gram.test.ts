import { expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { random } from '../../../src/core/optimization/random.ts';
import { gramNearness, gramOf, gramProgram } from '../../../src/core/optimization/gram.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';

/** Maps 1×2×1×2 that are the input doubled. */
function doubled() {
  const builder = new GraphBuilder();
  const image = builder.input('image', [BATCH, 2, 1, 2]);
  return builder.graph([builder.add('Mul', [image, builder.scalar(2)], {}, 'maps')]);
}

it('the nearness of Gram matrices and its gradient, by hand', async () => {
  const objective = gramNearness('maps', 'target', 'scale');
  const program = await (await createOnnxRuntime()).compile(gradientProgram(doubled(), objective, { input: 'image' }));
  const found = await program.run({
    image: float32([0.5, 1, 1.5, 0], [1, 2, 1, 2]),
    target: float32([1, 0, 0, 2], [1, 2, 2]),
    scale: float32([10], [1]),
  });
  await program.dispose();
  // F = [1 2; 3 0], F Fᵀ / 4 = [1.25 0.75; 0.75 2.25]; less the target: M = [0.25 0.75; 0.75 0.25]; −10 · ΣM².
  expect(found[VALUE]!.data[0]).toBeCloseTo(-12.5, 4);
  // dF = −10 · 4 M F / 4 = −10 · [2.5 0.5; 1.5 1.5]; the input's is twice that.
  expect(Array.from(found[GRADIENT]!.data, Number)).toEqual([-50, -10, -30, -30]);
});

/** Maps of an image that are put together from parts of so many channels. */
function joined(counts: readonly number[]) {
  const builder = new GraphBuilder();
  const parts = counts.map((count, i) => builder.input(`part${i}`, [BATCH, count, 2, 3]));
  return builder.graph([builder.add('Concat', parts, { axis: 1 }, 'maps')]);
}

it.each([[[3, 5]], [[2, 1, 4]], [[1, 1, 1, 1, 1]], [[259]]])('Gram matrices in blocks are F Fᵀ: %j', async (counts) => {
  const program = await (await createOnnxRuntime()).compile(gramProgram(joined(counts), ['maps']));
  const { normal } = random(1, 0);
  const parts = counts.map((count) => Float32Array.from({ length: count * 6 }, normal));
  const feeds = Object.fromEntries(parts.map((data, i) => [`part${i}`, float32(data, [1, counts[i]!, 2, 3])]));
  const gram = (await program.run(feeds))[gramOf('maps')]!;
  await program.dispose();
  const maps = parts.flatMap((data) => [...data]);
  const channels = maps.length / 6;
  expect(gram.shape).toEqual([1, channels, channels]);
  for (let a = 0; a < channels; a++)
    for (let b = 0; b < channels; b++) {
      let sum = 0;
      for (let i = 0; i < 6; i++) sum += maps[a * 6 + i]! * maps[b * 6 + i]!;
      expect(gram.data[a * channels + b]).toBeCloseTo(sum / maps.length, 5);
    }
});

it('what comes back to maps that were put together from parts is the slope of the objective', async () => {
  const objective = gramNearness('maps', 'target', 'scale');
  const program = await (
    await createOnnxRuntime()
  ).compile(gradientProgram(joined([2, 3]), objective, { input: 'part1' }));
  const { normal } = random(2, 0);
  const [first, second, other] = [12, 18, 25].map((length) => Float32Array.from({ length }, normal));
  const target = other!.map((value, i) => value + other![(i % 5) * 5 + Math.floor(i / 5)]!);
  const run = (part1: Float32Array) =>
    program.run({
      part0: float32(first!, [1, 2, 2, 3]),
      part1: float32(part1, [1, 3, 2, 3]),
      target: float32(target, [1, 5, 5]),
      scale: float32([0.5], [1]),
    });
  const gradient = (await run(second!))[GRADIENT]!.data;
  const STEP = 1e-2;
  const at = async (i: number, by: number) =>
    Number((await run(second!.map((value, j) => (j === i ? value + by : value))))[VALUE]!.data[0]);
  for (const i of [0, 7, 17])
    expect(gradient[i]).toBeCloseTo(((await at(i, STEP)) - (await at(i, -STEP))) / (2 * STEP), 2);
  await program.dispose();
});
