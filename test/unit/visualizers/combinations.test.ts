import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import type { Layer } from '../../../src/core/model.ts';
import type { ImagesResult, MosaicResult } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { filters } from '../../../src/core/visualizers/filters.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const combination = { show: 'combination' };

/** A network of one picture, whose layers are its nodes with a kernel. */
async function network(channels: number, size: number, write: (builder: GraphBuilder) => void): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, channels, size, size]);
  write(builder);
  const layers = builder.nodes.map(({ name, op, inputs, outputs }): Layer => {
    const weights = inputs.slice(1).filter((input) => builder.constants.has(input));
    const output = outputs[0]!;
    return { name, kind: op, output, before: output, after: output, nodes: [name], weights };
  });
  return new Session(
    {
      file: '/made.onnx',
      format: 'onnx',
      sha256: '0'.repeat(64),
      graph: builder.graph([layers.at(-1)!.output]),
      inputs: [{ name: 'image', shape: [BATCH, channels, size, size], layout: 'NCHW' }],
      layers,
      unknown: [],
      warnings: [],
    },
    await chooseEngine(),
    { input: { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' }, source: 'guess' },
  );
}

const conv = (size: number, stride = 1, pad = 0) => ({
  kernel_shape: [size, size],
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
});

describe('linear combinations of filters', () => {
  it('of a first layer are its kernels, grey where they are zero', async () => {
    const session = await tinyNetwork();
    const result = (await resultOf(filters, session, { layer: 'conv', params: combination })) as ImagesResult;
    const weights = ramp(4 * 27);
    expect(arrayOf(result, 'combination').shape).toEqual([4, 3, 3, 3]);
    arrayOf(result, 'combination').data.forEach((value, i) => expect(value).toBeCloseTo(weights[i]!, 5));
    const most = Math.max(...weights.subarray(27, 54).map(Math.abs));
    expect(result.rgb[27]).toBe(Math.round(127.5 + (127.5 * weights[27]!) / most));
  });

  it('of a 1×1 layer are its weights times the filters below, whatever the ReLU between', async () => {
    const session = await tinyNetwork();
    const result = (await resultOf(filters, session, { layer: 'mix', params: combination })) as ImagesResult;
    const [below, mix] = [ramp(4 * 27), ramp(8, 1)];
    const made = arrayOf(result, 'combination').data;
    for (let unit = 0; unit < 2; unit++)
      for (let i = 0; i < 27; i++) {
        let sum = 0;
        for (let c = 0; c < 4; c++) sum += mix[unit * 4 + c]! * below[c * 27 + i]!;
        expect(made[unit * 27 + i]).toBeCloseTo(sum, 5);
      }
    expect(result.title).toBe('Linear combinations of mix');
    expect(result.notes[0]).toBe(
      'Weights times the filters below, down to the input: one activation function or normalisation is left out.',
    );
  });

  it('add up overlaps by the strides of pooling and of the kernels', async () => {
    // 1 channel: 2×2 kernel a, max-pool 1 of stride 2 (which is its stride alone), 2×2 kernel b: a at distances of 2.
    const [a, b] = [ramp(4), ramp(4, 2)];
    const session = await network(1, 9, (builder) => {
      builder.floats('a', a, [1, 1, 2, 2]);
      builder.floats('b', b, [1, 1, 2, 2]);
      builder.addNode('Conv', ['image', 'a'], ['first'], conv(2));
      builder.addNode('MaxPool', ['first'], ['pool'], conv(1, 2));
      builder.addNode('Conv', ['pool', 'b'], ['second'], conv(2, 1, 1));
    });
    const result = (await resultOf(filters, session, { layer: 'second', params: combination })) as MosaicResult;
    const { shape, data } = arrayOf(result, 'combination');
    expect(shape).toEqual([1, 1, 4, 4]);
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 4; x++)
        expect(data[y * 4 + x]).toBeCloseTo(b[(y >> 1) * 2 + (x >> 1)]! * a[(y & 1) * 2 + (x & 1)]!, 5);
    expect([...result.values]).toEqual([...data]);
    expect(result.notes[0]).toContain('a max-pool is the mean of its window');
  });

  it('take a max-pool as the mean of its window, or as its centre', async () => {
    const session = await network(1, 5, (builder) => {
      builder.floats('one', [3], [1, 1, 1, 1]);
      builder.addNode('MaxPool', ['image'], ['pool'], conv(3, 2));
      builder.addNode('Conv', ['pool', 'one'], ['unit'], conv(1));
    });
    const made = async (pooling: string) => {
      const result = await resultOf(filters, session, { layer: 'unit', params: { ...combination, pooling } });
      return [...arrayOf(result, 'combination').data].map((value) => Number(value.toFixed(5)));
    };
    expect(await made('mean')).toEqual(Array<number>(9).fill(0.33333));
    expect(await made('centre')).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0]);
  });

  it('go through batch normalisation by its scale, through concatenation and average-pooling', async () => {
    const [gamma, variance] = [
      [2, -1],
      [3, 8],
    ] as const;
    const session = await network(1, 4, (builder) => {
      builder.floats('one', [1, 5], [2, 1, 1, 1]);
      const statistics = [gamma, [7, 7], [1, 1], variance].map((values, i) => builder.floats(`bn${i}`, values, [2]));
      builder.floats('top', [1, 10, 100, 1000], [1, 4, 1, 1]);
      builder.addNode('Conv', ['image', 'one'], ['branch'], conv(1));
      builder.addNode('BatchNormalization', ['branch', ...statistics], ['normal'], { epsilon: 1 });
      builder.addNode('Concat', ['normal', 'branch'], ['both'], { axis: 1 });
      builder.addNode('AveragePool', ['both'], ['mean'], conv(2, 2));
      builder.addNode('Conv', ['mean', 'top'], ['unit'], conv(1));
    });
    const result = await resultOf(filters, session, { layer: 'unit', params: combination });
    // γ/√(σ²+ε): 2/2 = 1 and −1/3; each of four pixels gets a quarter.
    const expected = (1 * 1 + 10 * 5 * (-1 / 3) + 100 * 1 + 1000 * 5) / 4;
    expect(arrayOf(result, 'combination').shape).toEqual([1, 1, 2, 2]);
    for (const value of arrayOf(result, 'combination').data) expect(value).toBeCloseTo(expected, 2);
  });

  it('of a dense layer cover the whole picture', async () => {
    const session = await tinyNetwork();
    const result = await resultOf(filters, session, { layer: 'dense', units: [{ channel: 1 }], params: combination });
    expect(arrayOf(result, 'combination').shape).toEqual([1, 3, 6, 5]);
    // The pixel in the corner is seen by one position of the maps alone.
    const [below, mix, dense] = [ramp(108), ramp(8, 1), ramp(72, 2)];
    let sum = 0;
    for (let m = 0; m < 2; m++)
      for (let c = 0; c < 4; c++) sum += dense[24 + m * 12]! * mix[m * 4 + c]! * below[c * 27]!;
    expect(arrayOf(result, 'combination').data[0]).toBeCloseTo(sum, 5);
  });

  it('say what can’t be composed, and why', async () => {
    const session = await network(1, 4, (builder) => {
      builder.floats('w', [1], [1, 1, 1, 1]);
      builder.addNode('Conv', ['image', 'w'], ['gate'], conv(1));
      builder.addNode('Mul', ['gate', 'image'], ['gated']);
      builder.addNode('Conv', ['gated', 'w'], ['unit'], conv(1));
    });
    await expect(resultOf(filters, session, { layer: 'unit', params: combination })).rejects.toThrow(
      "Mul 'gated': it multiplies two activations (a gate), which no sum of filters can stand for; choose a layer before it.",
    );
  });
});
