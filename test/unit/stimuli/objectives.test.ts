import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/core/graph/passes.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import type { Session } from '../../../src/core/session.ts';
import { activationMaximisation } from '../../../src/core/visualizers/activation-maximisation.ts';
import { classModel } from '../../../src/core/visualizers/class-model.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

type Asked = Parameters<typeof resultOf>[2];

const session = await tinyNetwork();
const climb = async (asked: Asked, method = activationMaximisation) =>
  (await resultOf(method, session, asked)) as ImagesResult;
const channels = (...list: number[]) => list.map((channel) => ({ channel }));
const activation = ({ metrics }: ImagesResult) => (metrics['activation'] as number[])[0]!;
const labels = ({ tiles }: ImagesResult) => tiles.map(({ label }) => label);

/** A layer's values for the first image, by channel. */
async function valuesOf(image: Tensor<'float32'>, layer: string, on: Session = session): Promise<number[][]> {
  const found = await on.run(`all(${layer})`, () => prune(on.model.graph, [layer]), { image });
  const { data, shape } = found[layer] as Tensor<'float32'>;
  const area = shape.slice(2).reduce((product, size) => product * size, 1);
  return Array.from({ length: shape[1]! }, (_, c) => [...data.subarray(c * area, (c + 1) * area)]);
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const means = async (image: Tensor<'float32'>, layer: string) => (await valuesOf(image, layer)).map(mean);

describe('what is climbed', () => {
  it('the weighted sum of several units is one picture that all of them count in', async () => {
    const params = { combine: 'sum', weights: '1,-0.5,2', steps: 30 };
    const sum = await climb({ layer: 'relu', units: channels(0, 1, 3), params });
    expect(labels(sum)).toEqual(['0 − 0.5·1 + 2·3']);
    const [a, b, , d] = await means(arrayOf(sum, 'image'), 'relu');
    expect(activation(sum)).toBeCloseTo(a! - 0.5 * b! + 2 * d!, 2);
    const before = await climb({
      layer: 'relu',
      units: channels(0, 1, 3),
      params: { ...params, steps: 1, rate: 1e-4 },
    });
    expect(activation(sum)).toBeGreaterThan(activation(before));
  });

  it('a sum of one unit is that unit', async () => {
    const asked = { layer: 'mix', units: channels(1) };
    const alone = await climb({ ...asked, params: { steps: 5 } });
    expect((await climb({ ...asked, params: { steps: 5, combine: 'sum' } })).rgb).toEqual(alone.rgb);
  });

  it.each(['relu', 'mix', 'dense', 'softmax'])('what a unit of %s dislikes makes it answer less', async (layer) => {
    const asked = { layer, units: channels(2 % (layer === 'mix' ? 2 : 3)) };
    const disliked = await climb({ ...asked, params: { steps: 40, negative: true } });
    const before = await climb({ ...asked, params: { steps: 1, rate: 1e-4 } });
    expect(activation(disliked)).toBeLessThan(activation(before));
    expect(labels(disliked)[0]).toMatch(/^against /);
  });

  it('what is made small is looked at before the activation function: below zero too', async () => {
    const disliked = await climb({ layer: 'relu', units: channels(2), params: { steps: 40, negative: true } });
    expect(disliked.notes.join()).toContain('before the activation function');
    // Of a linear filter: −mean of max(0, −a).
    const values = (await valuesOf(arrayOf(disliked, 'image'), 'conv'))[2]!;
    expect(activation(disliked)).toBeCloseTo(-mean(values.map((value) => Math.max(0, -value))), 2);
    expect(Math.max(...(await valuesOf(arrayOf(disliked, 'image'), 'relu'))[2]!)).toBe(0);
  });

  it('a whole layer is ½ Σ mean a² of its channels, or of those that are named', async () => {
    const energy = (values: readonly number[]) => 0.5 * mean(values.map((value) => value * value));
    const all = await climb({ layer: 'relu', params: { objective: 'layer', steps: 20 } });
    const ofAll = (await valuesOf(arrayOf(all, 'image'), 'relu')).map(energy);
    expect(activation(all) / ofAll.reduce((sum, one) => sum + one)).toBeCloseTo(1, 4);
    expect(labels(all)).toEqual(['all channels']);
    const two = await climb({ layer: 'relu', units: channels(1, 2), params: { objective: 'layer', steps: 20 } });
    const ofTwo = (await valuesOf(arrayOf(two, 'image'), 'relu')).map(energy);
    expect(activation(two) / (ofTwo[1]! + ofTwo[2]!)).toBeCloseTo(1, 4);
    expect(labels(two)).toEqual(['1 + 2']);
  });

  it('a direction is the difference of two images’ mean features, of length 1', async () => {
    const [first, second] = [1, 2].map((seed) =>
      float32(
        ramp(90, seed).map((value) => 100 * (1 + value)),
        [1, 3, 6, 5],
      ),
    );
    const other = { name: 'another', input: session.model.inputs[0]!, tensor: second!, feeds: { image: second! } };
    const asked = { layer: 'relu', tensor: first!, style: other };
    const [a, b] = [await means(first!, 'relu'), await means(second!, 'relu')];
    const difference = a.map((value, c) => value - b[c]!);
    const along = (values: readonly number[]) =>
      values.reduce((sum, value, c) => sum + value * difference[c]!, 0) / Math.hypot(...difference);
    const there = await climb({ ...asked, params: { objective: 'direction', steps: 20 } });
    expect(labels(there)).toEqual(['a test − another']);
    expect(activation(there) / along(await means(arrayOf(there, 'image'), 'relu'))).toBeCloseTo(1, 4);
    const back = await climb({ ...asked, params: { objective: 'direction', negative: true, steps: 20 } });
    expect(labels(back)).toEqual(['another − a test']);
    expect(along(await means(arrayOf(back, 'image'), 'relu'))).toBeLessThan(activation(there));
  });

  it('a class’s score and its probability are pictures side by side', async () => {
    const both = await climb({ layer: 'softmax', units: channels(1), params: { steps: 60 } }, classModel);
    expect(labels(both)).toEqual(['dog · by its score', 'dog · by its probability']);
    const size = arrayOf(both, 'image').data.length / 2;
    const picture = (n: number) => float32(arrayOf(both, 'image').data.slice(n * size, (n + 1) * size), [1, 3, 6, 5]);
    const score = await means(picture(0), 'dense');
    const probability = await means(picture(1), 'softmax');
    const [byScore, byProbability] = both.metrics['activation'] as number[];
    expect(byScore! / score[1]!).toBeCloseTo(1, 4);
    expect(byProbability!).toBeCloseTo(probability[1]!, 4);
    const alone = await climb({ layer: 'softmax', units: channels(1), params: { steps: 60, of: 'score' } }, classModel);
    expect(both.rgb.slice(0, alone.rgb.length)).toEqual(alone.rgb);
  });
});

it('a class’s probability is climbed where that is asked for', async () => {
  const result = await climb({ layer: 'softmax', units: channels(2), params: { of: 'probability', steps: 40 } });
  expect(activation(result)).toBeCloseTo((await means(arrayOf(result, 'image'), 'softmax'))[2]!, 4);
  expect(activation(result)).toBeGreaterThan(0.9);
  expect(result.notes.join()).not.toContain('scores');
});

describe('what does not go together is said', () => {
  it.each([
    [
      { units: channels(0, 1), params: { weights: '1' } },
      'weights 1: that is 1 number for 2 units. Give one for each unit that is named.',
    ],
    [{ params: { combine: 'sum' } }, 'combine=sum needs the units: give --unit, as 3,7 or 3-11.'],
    [
      { units: [{ channel: 0, position: { y: 0, x: 0 } }], params: { objective: 'layer' } },
      'objective=layer takes channels, not one position: give --unit C.',
    ],
    [{ params: { objective: 'direction' } }, 'relu tells nothing between a test and a test.'],
    [{ params: { objective: 'direction' }, style: undefined as never }, 'objective=direction needs two images'],
    [{ params: { weights: '1,x' } }, "'1,x' is not allowed for weights. Allowed: weights = numbers, as 1,-0.5."],
  ] satisfies [Asked, string][])('%j', async (asked, message) => {
    await expect(climb({ layer: 'relu', ...asked })).rejects.toThrow(message);
  });
});
