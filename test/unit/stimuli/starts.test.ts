import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { RECIPES } from '../../../src/core/visualizers/recipes.ts';
import type { Visualizer } from '../../../src/core/visualizers/visualizer.ts';
import { arrayOf, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const session = await tinyNetwork();
/** An image of bytes that are neither black nor white. */
const tensor = float32(
  Float32Array.from({ length: 90 }, (_, i) => 20 + ((37 * i) % 216)),
  [1, 3, 6, 5],
);
const units = [{ channel: 2 }];
const made = async (recipe: Visualizer, params: Record<string, unknown>) => {
  const asked = { layer: 'relu', units, tensor, target: undefined as unknown as number, params };
  return arrayOf((await resultOf(recipe, session, asked)) as ImagesResult, 'image');
};
const STARTING = RECIPES.filter(({ params }) => 'start' in params);

/** The norm ball brings every picture to its norm. */
const AS_THEY_ARE = STARTING.filter(({ id }) => id !== 'norm-ball');

describe.each(AS_THEY_ARE.map((recipe) => [recipe.id, recipe] as const))('%s', (_, recipe) => {
  it('begins with the image as it is, its colours too', async () => {
    const { data, shape } = await made(recipe, { start: 'image', steps: 1, rate: 1e-3 });
    expect(shape.slice(1)).toEqual([3, 6, 5]);
    tensor.data.forEach((value, i) => expect(Math.abs(data[i]! - value)).toBeLessThan(2));
  });

  it.each(['zero', 'mean'])('begins with an even colour: %s', async (start) => {
    const { data } = await made(recipe, { start, steps: 1, rate: 1e-3 });
    for (const value of data) expect(Math.abs(value - 127.5)).toBeLessThan(2);
  });
});

describe.each(STARTING.map((recipe) => [recipe.id, recipe] as const))('%s', (_, recipe) => {
  it('climbs from each of them', async () => {
    for (const start of ['noise', 'zero', 'image']) {
      const params = { start, ...('pictures' in recipe.params && { pictures: 2 }) };
      const activation = async (more: Record<string, unknown>) => {
        const asked = { layer: 'dense', units, tensor, target: undefined as unknown as number };
        const { metrics } = await resultOf(recipe, session, { ...asked, params: { ...params, ...more } });
        return (metrics['activation'] as number[])[0]!;
      };
      expect(await activation({ steps: 30 })).toBeGreaterThan(await activation({ steps: 1, rate: 1e-3 }));
    }
  });
});

it('without an image there is none to begin with', async () => {
  const asked = { layer: 'relu', image: undefined as never, params: { start: 'image' } };
  await expect(resultOf(STARTING[0]!, session, asked)).rejects.toThrow(
    'start=image needs an image to begin with: give --image FILE.',
  );
});
