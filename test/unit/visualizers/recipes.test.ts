import { describe, expect, it } from 'vitest';
import type { ImagesResult } from '../../../src/core/results.ts';
import { RECIPES } from '../../../src/core/visualizers/recipes.ts';
import type { Visualizer } from '../../../src/core/visualizers/visualizer.ts';
import { resultOf, tinyNetwork } from './tiny-network.ts';

type Asked = Parameters<typeof resultOf>[2];

const make = async (recipe: Visualizer, asked: Asked) =>
  (await resultOf(recipe, await tinyNetwork(), { target: undefined as unknown as number, ...asked })) as ImagesResult;
const activation = ({ metrics }: ImagesResult) => metrics['activation'] as number[];
const units = [{ channel: 0 }, { channel: 2 }];
const takesClass = RECIPES.filter(({ needs }) => needs.includes('class'));

describe.each(RECIPES.map((recipe) => [recipe.id, recipe] as const))('%s', (_, recipe) => {
  it.each(['relu', 'dense', 'softmax'])('ends higher than it began: %s', async (layer) => {
    const before = await make(recipe, { layer, units, params: { steps: 1, rate: 0.001 } });
    const after = await make(recipe, { layer, units, params: { steps: 40 } });
    activation(after).forEach((value, n) => expect(value).toBeGreaterThan(activation(before)[n]!));
    expect(after.metrics['steps']).toBe(40);
  });

  it('makes the same bytes from the same seed, whatever is made with it', async () => {
    const asked = { layer: 'relu', units: units.slice(1), params: { steps: 5 } };
    const alone = await make(recipe, asked);
    expect((await make(recipe, asked)).rgb).toEqual(alone.rgb);
    const both = await make(recipe, { ...asked, units });
    expect(both.rgb.slice(both.rgb.length / 2)).toEqual(alone.rgb);
  });
});

describe.each(takesClass.map((recipe) => [recipe.id, recipe] as const))('%s of a class', (id, recipe) => {
  it('is that of the output’s unit, by its name', async () => {
    const params = { steps: 3 };
    const ofClass = await make(recipe, { target: 1, params });
    expect(ofClass.tiles[0]!.label).toContain('dog');
    expect(ofClass.rgb).toEqual((await make(recipe, { layer: 'softmax', units: [{ channel: 1 }], params })).rgb);
  });

  it('asks for a class or a unit', async () => {
    await expect(make(recipe, {})).rejects.toThrow(
      `${id} needs a class or a unit: give --target K (number or label), or --layer NAME and --unit C.`,
    );
  });
});

it('diversity: pictures of a unit are less alike the more that counts, whatever other units are asked for', async () => {
  const recipe = RECIPES.find(({ id }) => id === 'diversity')!;
  const alike = async (weight: number) => {
    const params = { weight, steps: 60, pictures: 3 };
    const { rgb, tiles } = await make(recipe, { layer: 'relu', units: units.slice(0, 1), params });
    expect(tiles.map(({ label }) => label)).toEqual(['0 · 1', '0 · 2', '0 · 3']);
    const both = await make(recipe, { layer: 'relu', units, params });
    expect(both.rgb.slice(0, rgb.length)).toEqual(rgb);
    const size = rgb.length / 3;
    const difference = (a: number, b: number) =>
      rgb.subarray(a * size, (a + 1) * size).reduce((sum, byte, i) => sum + Math.abs(byte - rgb[b * size + i]!), 0);
    return -(difference(0, 1) + difference(1, 2) + difference(0, 2));
  };
  expect(await alike(1)).toBeLessThan(await alike(0));
});

it.each([
  ['more weight than likeness there is', { weight: 3 }],
  ['values that stay below zero', { weights: '-1' }],
])('diversity: pictures end higher and less alike than they began with %s', async (_, params) => {
  const recipe = RECIPES.find(({ id }) => id === 'diversity')!;
  const made = (more: Record<string, unknown>) =>
    make(recipe, { layer: 'relu', units: units.slice(0, 1), params: { pictures: 2, ...params, ...more } });
  const before = await made({ steps: 1, rate: 0.001 });
  const after = await made({ steps: 20 });
  activation(after).forEach((value, n) => expect(value).toBeGreaterThan(activation(before)[n]!));
  const difference = ({ rgb }: ImagesResult) => {
    const half = rgb.length / 2;
    return rgb.subarray(0, half).reduce((sum, byte, i) => sum + Math.abs(byte - rgb[half + i]!), 0);
  };
  expect(difference(after)).toBeGreaterThan(difference(await made({ steps: 20, weight: 0 })));
});

describe.each(['adam', 'momentum', 'rmsprop'])('with %s', (optimizer) => {
  it.each(['activation-maximisation', 'total-variation'])('%s ends higher than it began', async (id) => {
    const recipe = RECIPES.find((one) => one.id === id)!;
    const asked = { layer: 'dense', units };
    const before = await make(recipe, { ...asked, params: { steps: 1, rate: 0.001 } });
    const after = await make(recipe, { ...asked, params: { steps: 40, optimizer } });
    activation(after).forEach((value, n) => expect(value).toBeGreaterThan(activation(before)[n]!));
  });
});
