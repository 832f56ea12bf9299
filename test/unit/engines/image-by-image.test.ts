import { describe, expect, it } from 'vitest';
import { eachImage, summedByImage } from '../../../src/core/engines/image-by-image.ts';
import { createOnnxRuntime, programFor } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { float32, numbers } from '../../../src/core/graph/tensor.ts';
import { neuron } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';

const [IMAGES, SHAPE] = [3, [2, 5, 5]] as const;
const wave = (shape: readonly number[], step: number) =>
  float32(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(1 + step * i)),
    shape,
  );
const weights = wave([4, 2, 3, 3], 1.7);
const fed = {
  x: wave([IMAGES, ...SHAPE], 0.9),
  bias: wave([1, ...SHAPE], 0.3),
  unit: wave([IMAGES, 4, 1, 1], 2.1),
  weight: float32([1, 0.5, -2], [IMAGES]),
};

/** Gradients of a convolution after what `start` adds, and their sum over the batch. */
function program(start: 'pool' | 'none', outputs: readonly ('sum' | 'each' | typeof VALUE)[]): Graph {
  const b = new GraphBuilder();
  b.input('x', [BATCH, ...SHAPE]);
  b.input('bias', [1, ...SHAPE]);
  b.addNode('Add', ['x', 'bias'], ['moved']);
  if (start === 'pool')
    b.addNode('MaxPool', ['moved'], ['top'], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] });
  else b.addNode('Neg', ['moved'], ['top']);
  const w = b.constant('w', weights);
  b.addNode('Conv', ['top', w], ['y'], { strides: [3, 3] });
  const gradient = gradientProgram(b.graph(['y']), neuron('y', 'unit'), {
    input: 'x',
    wrt: 'moved',
    weight: 'weight',
  });
  const whole = new GraphBuilder(gradient);
  const each = whole.add('Reshape', [GRADIENT, whole.ints([-1, ...SHAPE])], {}, 'each');
  whole.add('ReduceSum', [each, whole.ints([0])], { keepdims: 1 }, 'sum');
  return whole.graph(outputs);
}

describe('sums over the batch, image by image', () => {
  it.each(['pool', 'none'] as const)('are those of all images at once (%s)', async (start) => {
    const graph = program(start, ['sum']);
    const looped = summedByImage(graph);
    expect(looped.nodes.filter(({ op }) => op === 'Scan')).toHaveLength(1);
    expect(looped.nodes.some(({ op }) => op === 'Conv' || op === 'ConvTranspose')).toBe(false);
    const engine = await createOnnxRuntime();
    const [summed, alone] = await Promise.all([engine.compile(graph), engine.compile(program(start, ['each']))]);
    const each = numbers((await alone.run(fed)).each!);
    const { sum } = await summed.run(fed);
    expect(sum!.shape).toEqual([1, ...SHAPE]);
    const size = each.length / IMAGES;
    const expected = Array.from({ length: size }, (_, i) => each[i]! + each[i + size]! + each[i + 2 * size]!);
    expect(expected.some((value) => Math.abs(value) > 0.1)).toBe(true);
    numbers(sum!).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    await Promise.all([summed.dispose(), alone.dispose()]);
  });

  it('weigh each image', async () => {
    const engine = await createOnnxRuntime();
    const executable = await engine.compile(program('pool', ['each']));
    const gradients = async (weight: readonly number[]) =>
      numbers((await executable.run({ ...fed, weight: float32(weight, [IMAGES]) })).each!);
    const [ones, weighed] = [await gradients([1, 1, 1]), await gradients([1, 0.5, -2])];
    const size = ones.length / IMAGES;
    weighed.forEach((value, i) => expect(value).toBeCloseTo([1, 0.5, -2][Math.floor(i / size)]! * ones[i]!, 5));
    await executable.dispose();
  });

  it('stay as they are where each image gives something besides, and for other providers', () => {
    const graph = program('pool', ['sum', 'each']);
    expect(summedByImage(graph)).toBe(graph);
    const scans = (bytes: Uint8Array) => Buffer.from(bytes).includes('Scan');
    expect(scans(programFor(program('pool', ['sum'])).bytes)).toBe(true);
    expect(scans(programFor(program('pool', ['sum']), { provider: 'webgpu' }).bytes)).toBe(false);
  });
});

describe('what each image gives, image by image', () => {
  it.each(['pool', 'none'] as const)('is what all at once give (%s)', async (start) => {
    const graph = program(start, ['each', VALUE]);
    const looped = eachImage(graph);
    expect(looped.nodes.map(({ op }) => op)).toEqual(['Scan']);
    const engine = await createOnnxRuntime();
    const [apart, together] = await Promise.all([engine.compile(graph, { separate: true }), engine.compile(graph)]);
    const [found, expected] = await Promise.all([apart.run(fed), together.run(fed)]);
    for (const name of graph.outputs) {
      expect(found[name]!.shape).toEqual(expected[name]!.shape);
      const values = numbers(expected[name]!);
      expect(values.some((value) => Math.abs(value) > 0.1)).toBe(true);
      numbers(found[name]!).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
    }
    expect(found[VALUE]!.shape).toEqual([IMAGES]);
    await Promise.all([apart.dispose(), together.dispose()]);
  });

  it('is the same to the last bit in a lane, and whatever is computed with it', async () => {
    const graph = program('pool', ['each']);
    const engine = await createOnnxRuntime();
    const [here, apart] = await Promise.all([
      engine.compile(graph, { separate: true }),
      engine.compile(graph, { separate: true, lane: 0 }),
    ]);
    const [found, inLane] = await Promise.all([here.run(fed), apart.run(fed)]);
    expect(inLane.each!.data).toEqual(found.each!.data);
    const second = (values: Float32Array) => values.subarray(values.length / IMAGES, (2 * values.length) / IMAGES);
    const alone = await here.run({
      x: float32(second(fed.x.data), [1, ...SHAPE]),
      bias: fed.bias,
      unit: float32(second(fed.unit.data), [1, 4, 1, 1]),
      weight: float32(second(fed.weight.data), [1]),
    });
    expect(alone.each!.data).toEqual(second(found.each!.data as Float32Array));
    await Promise.all([here.dispose(), apart.dispose()]);
  });

  it('takes what is the same for all from outside of the loop', async () => {
    const b = new GraphBuilder();
    b.input('x', [BATCH, 2]);
    b.input('factor', [2]);
    b.addNode('Neg', ['factor'], ['turned']);
    b.addNode('Mul', ['x', 'turned'], ['y']);
    const graph = b.graph(['y']);
    expect(eachImage(graph).nodes.map(({ op }) => op)).toEqual(['Neg', 'Scan']);
    const executable = await (await createOnnxRuntime()).compile(graph, { separate: true });
    const { y } = await executable.run({ x: float32([1, 2, 3, 4], [2, 2]), factor: float32([5, -7], [2]) });
    expect([...numbers(y!)]).toEqual([-5, 14, -15, 28]);
    await executable.dispose();
  });

  it('stays as it is where an output is not of the images, or nothing is', () => {
    const b = new GraphBuilder();
    b.input('x', [BATCH, 2]);
    b.input('factor', [2]);
    b.addNode('Neg', ['factor'], ['turned']);
    b.addNode('Mul', ['x', 'turned'], ['y']);
    for (const outputs of [['y', 'turned'], ['turned']]) {
      const graph = b.graph(outputs);
      expect(eachImage(graph)).toBe(graph);
    }
  });
});
