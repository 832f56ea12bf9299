import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/core/graph/passes.ts';
import type { Tensor } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { runMethod } from '../../../src/core/run.ts';
import { activationMaximisation } from '../../../src/core/visualizers/activation-maximisation.ts';
import { arrayOf, resultOf, tinyNetwork } from './tiny-network.ts';

type Asked = Parameters<typeof resultOf>[2];

const climb = async (asked: Asked, session = tinyNetwork()) =>
  (await resultOf(activationMaximisation, await session, asked)) as ImagesResult;

const channels = (...list: number[]) => list.map((channel) => ({ channel }));
const activation = ({ metrics }: ImagesResult) => metrics['activation'] as number[];
const steps = (count: number) => ({ params: { steps: count } });

describe('activation maximisation', () => {
  it.each([
    ['a convolution', 'relu', channels(0, 1, 2, 3)],
    ['a linear filter', 'conv', channels(2, 0)],
    ['one position', 'mix', [{ channel: 1, position: { y: 3, x: 0 } }]],
    ['a dense layer', 'dense', channels(2)],
    ['class probabilities', 'softmax', channels(0, 1, 2)],
  ])('makes units of %s answer more strongly than the start did', async (_, layer, units) => {
    const [before, after] = [
      await climb({ layer, units, params: { steps: 1, rate: 1e-4 } }),
      await climb({ layer, units, ...steps(40) }),
    ];
    activation(after).forEach((value, n) => expect(value).toBeGreaterThan(activation(before)[n]!));
    expect(after.metrics['steps']).toBe(40);
    expect(after.tiles.map(({ unit }) => unit)).toEqual(units.map(({ channel }) => channel));
  });

  it('is of a class as of the unit of the layer that classifies', async () => {
    const params = { steps: 3, of: 'probability' };
    const request = { method: 'activation-maximisation', model: '', params };
    const made = async (asked: Partial<RunRequest>) => {
      const run = runMethod(await tinyNetwork(), { ...request, ...asked }, new AbortController().signal);
      let step = await run.next();
      while (!step.done) step = await run.next();
      return step.value;
    };
    const [byClass, byUnit] = [await made({ target: 'dog' }), await made({ layer: 'softmax', unit: '1' })];
    expect((byClass.result as ImagesResult).rgb).toEqual((byUnit.result as ImagesResult).rgb);
    expect(byClass.provenance).toMatchObject({ target: 1, targetLabel: 'dog' });
    expect((await made({ layer: 'relu' })).result.title).toBe('Preferred stimuli of relu');
  });

  it("gives the network's own input, and its answer to that", async () => {
    const session = await tinyNetwork();
    const result = await climb({ layer: 'relu', units: channels(1, 3), ...steps(10) }, Promise.resolve(session));
    const image = arrayOf(result, 'image');
    expect(image.shape).toEqual([2, 3, 6, 5]);
    const { relu } = await session.run('relu', () => prune(session.model.graph, ['relu']), { image });
    const maps = (relu as Tensor<'float32'>).data;
    activation(result).forEach((value, n) => {
      const from = (n * 4 + [1, 3][n]!) * 12;
      expect(value).toBeCloseTo(maps.slice(from, from + 12).reduce((sum, one) => sum + one, 0) / 12, 2);
    });
    result.rgb.forEach((byte, i) => {
      const [n, pixel, c] = [Math.floor(i / 90), Math.floor(i / 3) % 30, i % 3];
      expect(Math.abs(byte - image.data[(n * 3 + c) * 30 + pixel]!)).toBeLessThan(0.51);
    });
  });

  it('climbs the scores of a class, which its softmax would flatten, and names the class', async () => {
    const result = await climb({ layer: 'softmax', units: channels(1), ...steps(30) });
    expect(activation(result)[0]).toBeGreaterThan(1);
    expect(result.tiles[0]!.label).toBe('dog');
    expect(result.notes.join()).toContain('before the softmax');
  });

  it('is the same for the same seed, and whatever else is drawn with it', async () => {
    const asked = { layer: 'mix', units: channels(1), ...steps(12) };
    const one = await climb(asked);
    const size = one.rgb.length;
    expect((await climb(asked)).rgb).toEqual(one.rgb);
    expect((await climb({ ...asked, units: channels(0, 1) })).rgb.slice(size)).toEqual(one.rgb);
    expect((await climb({ ...asked, seed: 1 })).rgb).not.toEqual(one.rgb);
  });

  it('draws the first channels where none are named, and says so', async () => {
    expect((await climb({ layer: 'relu', ...steps(1) })).tiles).toHaveLength(4);
  });

  it('refuses another size where a dense layer takes one only', async () => {
    await expect(climb({ layer: 'dense', params: { size: 12 } })).rejects.toThrow(
      'size 12: this layer takes pictures of 6×5 only. Leave size at 0.',
    );
    expect(await climb({ layer: 'relu', params: { size: 12, steps: 1 } })).toMatchObject({ width: 12, height: 12 });
  });

  it('keeps the picture when it is cancelled', async () => {
    const session = await tinyNetwork();
    const stop = new AbortController();
    const request = { method: 'activation-maximisation', model: '', layer: 'relu', params: { steps: 10_000 } };
    const run = runMethod(session, request, stop.signal);
    let update = await run.next();
    stop.abort();
    for (let i = 0; i < 3 && !update.done; i++) update = await run.next();
    expect(update.value).toMatchObject({
      provenance: { partial: true },
      result: { kind: 'images' },
    });
    const { steps } = (update.value as { result: ImagesResult }).result.metrics as { steps: number };
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(10);
  });

  it('wakes a unit that no small change of the picture reaches', async () => {
    const session = await tinyNetwork();
    // Each filter is for one colour and against the others: shut for every grey.
    const kernels = session.model.graph.constants.get('conv/w')!.data as Float32Array;
    kernels.forEach((_, i) => (kernels[i] = Math.floor(i / 27) % 3 === Math.floor(i / 9) % 3 ? 1 : -0.6));
    const asked = { layer: 'relu', units: channels(0, 1, 2, 3) };
    const shut = await climb({ ...asked, params: { steps: 200, redirect: 0 } }, Promise.resolve(session));
    const woken = await climb({ ...asked, params: { steps: 200 } }, Promise.resolve(session));
    const asleep = (result: ImagesResult) => activation(result).filter((value) => value === 0).length;
    expect([asleep(shut), asleep(woken)]).toEqual([4, 0]);
  });

  it('a unit that answers is made as it is alone, beside one that does not', async () => {
    const session = await tinyNetwork();
    const kernels = session.model.graph.constants.get('conv/w')!.data as Float32Array;
    // Unit 1 is shut for every picture of this range.
    kernels.subarray(27, 54).fill(-1);
    const asked = { layer: 'relu', params: { steps: 30, redirect: 2 } };
    const alone = await climb({ ...asked, units: channels(2) }, Promise.resolve(session));
    const both = await climb({ ...asked, units: channels(1, 2) }, Promise.resolve(session));
    expect(activation(both)[0]).toBe(0);
    expect(both.rgb.slice(both.rgb.length / 2)).toEqual(alone.rgb);
  });
});
