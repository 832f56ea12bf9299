import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { FROM_IMAGES, RECIPES } from '../../../src/core/visualizers/recipes.ts';
import type { Unit } from '../../../src/core/visualizers/visualizer.ts';
import { arrayOf, ramp, resultOf } from '../visualizers/tiny-network.ts';

/** image C×8×10 → 2 of C×3×3 → ReLU, and with `dense` → 3 classes, for which the size is fixed; of any number of images, or so many. */
async function network(channels: number, batch = BATCH): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [batch, channels, 8, 10]);
  builder.constant('w', float32(ramp(2 * channels * 9), [2, channels, 3, 3]));
  builder.constant('dense/w', float32(ramp(3 * 96, 2), [3, 96]));
  builder.addNode('Conv', ['image', 'w'], ['conv'], { kernel_shape: [3, 3], strides: [1, 1], pads: [0, 0, 0, 0] });
  builder.addNode('Relu', ['conv'], ['relu']);
  builder.addNode('Flatten', ['relu'], ['flat'], { axis: 1 });
  builder.addNode('Gemm', ['flat', 'dense/w'], ['dense'], { transB: 1 });
  builder.addNode('GlobalAveragePool', ['relu'], ['pool']);
  builder.addNode('Identity', ['pool'], ['pooled']);
  const layers = ['relu', 'dense', 'pool'].map((name) => {
    return { name, kind: name, output: name, before: name, after: name, nodes: [name], weights: [] };
  });
  const model = {
    file: '/any.onnx',
    format: 'onnx' as const,
    sha256: '0'.repeat(64),
    graph: builder.graph(['dense', 'pooled']),
    inputs: [{ name: 'image', shape: [batch, channels, 8, 10], layout: 'NCHW' as const }],
    layers,
    unknown: [],
    warnings: [],
  };
  const input = { channels: 'RGB', scale: 1 / 255, mean: [0], std: [1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess' });
}

const UNITS = RECIPES.filter(({ id }) => id !== 'fooling');

describe.each([1, 2, 3, 4])('an input of %i channels', async (channels) => {
  const session = await network(channels);
  const made = async (recipe: (typeof UNITS)[number], layer: string, params: Record<string, unknown>) => {
    const few = {
      ...('starts' in recipe.params && { starts: 1 }),
      ...('pictures' in recipe.params && { pictures: 2 }),
    };
    const asked = { layer, units: [{ channel: 1 }], target: undefined as unknown as number };
    return (await resultOf(recipe, session, { ...asked, params: { ...few, ...params } })) as ImagesResult;
  };

  it.each(UNITS.map((recipe) => [recipe.id, recipe] as const))('%s climbs and draws it', async (_, recipe) => {
    const before = await made(recipe, 'dense', { steps: 1, rate: 1e-3 });
    const after = await made(recipe, 'dense', { steps: 30 });
    const activation = ({ metrics }: ImagesResult) => (metrics['activation'] as number[])[0]!;
    expect(activation(after)).toBeGreaterThan(activation(before));
    expect(arrayOf(after, 'image').shape.slice(1)).toEqual([channels, 8, 10]);
    const panels = channels === 1 || channels === 3 ? 1 : channels;
    expect(after.width).toBe(10 * panels);
    expect(after.rgb).toHaveLength(after.tiles.length * panels * 80 * 3);
    expect(after.notes.join().includes('side by side')).toBe(panels > 1);
  });

  it('takes another size below the dense layer only', async () => {
    const [recipe] = UNITS as [(typeof UNITS)[number]];
    expect(await made(recipe, 'relu', { size: 16, steps: 1 })).toMatchObject({ height: 16 });
    await expect(made(recipe, 'dense', { size: 16, steps: 1 })).rejects.toThrow('takes pictures of 8×10 only');
  });
});

describe.each([2, 4])('an image of %i channels', async (channels) => {
  const session = await network(channels);
  const tensor = float32(ramp(channels * 80, 3).map(Math.abs), [1, channels, 8, 10]);
  const few = {
    inversion: {},
    deepdream: { octaves: 1, jitter: 0 },
    style: { layers: 'relu' },
    fooling: { offspring: 9 },
  };
  const kinds = [
    ...Object.entries(few).map(([id, params]) => [id, params] as const),
    ['fooling', { by: 'direct', offspring: 9 }] as const,
    ['fooling', { by: 'gradient' }] as const,
  ];

  it.each(kinds)('%s %o climbs and draws it', async (id, params) => {
    const recipe = FROM_IMAGES.find((one) => one.id === id)!;
    const asked = { tensor, ...(id !== 'fooling' && { layer: 'relu' }) };
    const made = async (steps: number) =>
      (await resultOf(recipe, session, { ...asked, params: { ...params, steps } })) as ImagesResult;
    const [before, after] = [await made(1), await made(12)];
    const activation = ({ metrics }: ImagesResult) => (metrics['activation'] as number[])[0]!;
    expect(activation(after)).toBeGreaterThan(activation(before));
    expect(arrayOf(after, 'image').shape.slice(1)).toEqual([channels, 8, 10]);
    expect(after.width).toBe(10 * channels);
    expect(after.rgb).toHaveLength(after.tiles.length * channels * 80 * 3);
    expect(after.notes.join()).toContain(`The input’s ${channels} channels stand side by side, each as grey.`);
  });
});

it('a map of one place: a position there is its channel', async () => {
  const session = await network(3);
  const made = async (unit: Unit) => {
    const asked = { layer: 'pool', units: [unit], params: { steps: 3, size: 8, start: 'zero' } };
    return ((await resultOf(UNITS[0]!, session, asked)) as ImagesResult).metrics['activation'] as number[];
  };
  const [[place], [channel]] = [await made({ channel: 1, position: { y: 0, x: 0 } }), await made({ channel: 1 })];
  expect(place).toBeGreaterThan(0);
  expect(channel).toBeGreaterThan(0);
});

it('channels that stand side by side are those of the array, from left to right', async () => {
  const session = await network(2);
  const asked = { layer: 'relu', units: [{ channel: 0 }], params: { steps: 3, start: 'noise' } };
  const result = (await resultOf(UNITS[0]!, session, asked)) as ImagesResult;
  const { data } = arrayOf(result, 'image');
  for (const [y, x] of [
    [0, 0],
    [3, 9],
    [7, 4],
  ] as const)
    for (const c of [0, 1]) {
      const byte = result.rgb[(y * 20 + c * 10 + x) * 3]!;
      expect(Math.abs(byte - 255 * data[c * 80 + y * 10 + x]!)).toBeLessThan(0.51);
    }
});

describe.each([1, 2])('a network that computes with a batch of %i', async (batch) => {
  const [fixed, free] = [await network(3, batch), await network(3)];
  const recipe = (id: string) => RECIPES.find((one) => one.id === id)!;
  const made = (id: string, session: Session, params: Record<string, unknown>) =>
    resultOf(recipe(id), session, { layer: 'dense', units: [0, 1, 2].map((channel) => ({ channel })), params });

  it.each([
    ['activation-maximisation', { steps: 4 }],
    ['norm-ball', { steps: 4, starts: 3 }],
  ])('%s makes the same pictures as one of any number', async (id, params) => {
    const [found, expected] = [await made(id, fixed, params), await made(id, free, params)];
    for (const name of Object.keys(expected.arrays)) {
      const [a, b] = [arrayOf(found as ImagesResult, name), arrayOf(expected as ImagesResult, name)];
      expect(a.shape).toEqual(b.shape);
      expect(Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i]!)))).toBeLessThan(1e-3);
    }
  });

  it('says that it takes no pictures together', async () => {
    await expect(made('diversity', fixed, { pictures: 3 })).rejects.toThrow(
      `The model computes with a batch of ${batch}; this method's pictures of a unit are seen together.`,
    );
  });
});

describe.each([1, 2])('an image for a network that computes with a batch of %i', async (batch) => {
  const [fixed, free] = [await network(3, batch), await network(3)];

  it.each([
    ['inversion', {}],
    ['deepdream', { octaves: 1 }],
    ['style', { layers: 'relu' }],
    ['fooling', { offspring: 9 }],
    ['fooling', { by: 'gradient' }],
  ])('%s %o ends as for one of any number', async (id, params) => {
    const recipe = FROM_IMAGES.find((one) => one.id === id)!;
    const tensor = float32(ramp(240, 3).map(Math.abs), [1, 3, 8, 10]);
    const asked = { tensor, ...(id !== 'fooling' && { layer: 'relu' }), params: { ...params, steps: 3 } };
    const ends = async (session: Session) =>
      ((await resultOf(recipe, session, asked)) as ImagesResult).metrics['activation'] as number[];
    const expected = await ends(free);
    (await ends(fixed)).forEach((value, n) => expect(value).toBeCloseTo(expected[n]!, 4));
  });
});
