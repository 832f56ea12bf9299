import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/core/graph/passes.ts';
import type { Tensor } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { meanCorrelation } from '../../../src/core/stimuli/sensitivity.ts';
import { normBall } from '../../../src/core/visualizers/norm-ball.ts';
import { arrayOf, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const session = await tinyNetwork();
const made = async (params: Record<string, unknown>, units?: readonly { readonly channel: number }[]) =>
  (await resultOf(normBall, session, {
    layer: 'relu',
    ...(units && { units }),
    params: { steps: 20, ...params },
  })) as ImagesResult;

describe('norm ball', () => {
  it.each(['noise', 'zero', 'image'])('its pictures have one norm: %s', async (start) => {
    const image = arrayOf(await made({ start, radius: 40 }, [{ channel: 1 }]), 'image');
    const pictures = image.shape[0]!;
    expect(pictures).toBe(start === 'noise' ? 9 : 1);
    for (let n = 0; n < pictures; n++) {
      const squares = image.data.slice(n * 90, (n + 1) * 90).map((value) => (value - 127.5) ** 2);
      expect(Math.sqrt(squares.reduce((sum, value) => sum + value) / 90)).toBeCloseTo(40, 3);
    }
  });

  it('says what every unit answers to each picture: σ of the mean over its map', async () => {
    const result = await made({ starts: 3, radius: 1 }, [{ channel: 1 }, { channel: 2 }]);
    const sensitivity = arrayOf(result, 'sensitivity');
    expect(sensitivity.shape).toEqual([6, 4]);
    const image = arrayOf(result, 'image');
    const { relu } = await session.run('relu', () => prune(session.model.graph, ['relu']), { image });
    const maps = (relu as Tensor<'float32'>).data;
    sensitivity.data.forEach((value, i) => {
      const mean = maps.slice(i * 12, (i + 1) * 12).reduce((sum, one) => sum + one) / 12;
      expect(value).toBeCloseTo(1 / (1 + Math.exp(-mean)), 5);
      expect(arrayOf(result, 'answers').data[i]).toBeCloseTo(mean, 4);
    });
    expect(result.notes.join('\n')).toMatch(
      /3 pictures of 1: of all 4 units it is the strongest in \d; what the units answer is alike by -?\d\.\d\d/,
    );
  });

  it('draws what the units answer beside the strongest of each picture, so that large answers are told apart', async () => {
    const result = await made({ starts: 3, radius: 100 }, [{ channel: 1 }]);
    const { data, shape } = arrayOf(result, 'answers');
    const drawn = result.matrices!.find(({ name }) => name === 'sensitivity')!;
    const [pictures, units] = shape as [number, number];
    for (let n = 0; n < pictures; n++) {
      const row = data.slice(n * units, (n + 1) * units);
      const most = Math.max(...row.map(Math.abs));
      expect(most).toBeGreaterThan(20); // where σ is 1 in 32 bits
      row.forEach((answer, c) => expect(drawn.values[n * units + c]).toBeCloseTo(answer / most, 6));
    }
    expect(Math.max(...drawn.values)).toBe(1);
    expect(drawn.range).toEqual([0, 1]);
  });

  it('cancelled between two batches, it says so of the first one', async () => {
    const lanes = Math.min(session.engine.lanes ?? 1, 9);
    let looks = 0;
    // Each lane looks once, at the end of a batch it is looked at twice: then the second batch begins.
    const signal = {
      get aborted() {
        return ++looks > lanes + 2;
      },
    } as AbortSignal;
    const units = [{ channel: 1 }, { channel: 2 }];
    const result = (await resultOf(normBall, session, {
      layer: 'relu',
      units,
      signal,
      params: { steps: 1 },
    })) as ImagesResult;
    expect(result.tiles.map(({ unit }) => unit)).toEqual(Array<number>(9).fill(1));
    expect(arrayOf(result, 'sensitivity').shape).toEqual([9, 4]);
    expect(result.notes.join()).toMatch(/9 pictures of 1: /);
  });

  it('says how far the pictures lie apart, in units of their norm', async () => {
    const result = await made({ starts: 3, radius: 40 }, [{ channel: 1 }]);
    const { data, shape } = arrayOf(result, 'distance');
    expect(shape).toEqual([3, 3]);
    const image = arrayOf(result, 'image').data;
    const norm = 40 * Math.sqrt(90);
    for (const [i, j] of [
      [0, 1],
      [1, 2],
      [2, 2],
    ] as const) {
      const apart = Math.hypot(...Array.from({ length: 90 }, (_, k) => image[i * 90 + k]! - image[j * 90 + k]!));
      expect(data[i * 3 + j]).toBeCloseTo(apart / norm, 4);
      expect(data[j * 3 + i]).toBe(data[i * 3 + j]);
    }
    expect(result.matrices?.map(({ name, columns }) => [name, columns])).toEqual([
      ['distance', 'pictures'],
      ['sensitivity', 'units'],
    ]);
  });

  it('makes one unit’s pictures where none is named', async () => {
    const result = await made({ steps: 1 });
    expect(arrayOf(result, 'image').shape[0]).toBe(9);
    expect(new Set(result.tiles.map(({ unit }) => unit))).toEqual(new Set([0]));
  });
});

it('answers that are alike but for their size and offset correlate fully', () => {
  expect(
    meanCorrelation([
      [1, 2, 4],
      [3, 5, 9],
    ]),
  ).toBeCloseTo(1, 12);
  expect(
    meanCorrelation([
      [1, 2, 3],
      [3, 2, 1],
      [1, 2, 3],
    ]),
  ).toBeCloseTo(-1 / 3, 12);
});
