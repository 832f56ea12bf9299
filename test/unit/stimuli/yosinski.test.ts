import { describe, expect, it } from 'vitest';
import type { ImagesResult } from '../../../src/core/results.ts';
import { random } from '../../../src/core/optimization/random.ts';
import { describePriors, searched, YOSINSKI } from '../../../src/core/stimuli/yosinski.ts';
import { yosinski } from '../../../src/core/visualizers/yosinski.ts';
import { resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const session = await tinyNetwork();
const made = async (params: Record<string, unknown>) =>
  (await resultOf(yosinski, session, { layer: 'relu', units: [{ channel: 1 }], params })) as ImagesResult;

/** The parameters that a label names: `decay 0.3, blur 0.5 each 4, norm 20 %`. */
function named(label: string): Record<string, number> {
  const value = (pattern: RegExp) => Number(pattern.exec(label)?.[1] ?? 0);
  return {
    decay: value(/decay ([\d.e-]+)/),
    blur: value(/blur ([\d.]+)/),
    every: value(/each (\d+)/) || 1,
    norm: value(/norm ([\d.]+)/),
    contribution: value(/contribution ([\d.]+)/),
  };
}

describe('the random search over the four priors', () => {
  it('says each picture’s numbers, with which it is made again', async () => {
    const search = await made({ settings: 'search', tries: 6, steps: 12 });
    expect(search.tiles).toHaveLength(6);
    expect(new Set(search.tiles.map(({ label }) => label)).size).toBe(6);
    const size = search.rgb.length / 6;
    for (const [n, { label }] of search.tiles.entries()) {
      const own = await made({ settings: 'own', steps: 12, ...named(label) });
      expect(own.rgb).toEqual(search.rgb.slice(n * size, (n + 1) * size));
      const again = await made({ ...search.tiles[n]!.params, steps: 12 });
      expect(again.rgb).toEqual(own.rgb);
    }
  });

  it('draws from the range of the paper’s four, each prior in about half of them', () => {
    const all = searched(2000, random(1));
    const within = (name: 'decay' | 'blur' | 'norm' | 'contribution', most: number) => {
      const values = all.map((priors) => priors[name]);
      expect(Math.max(...values)).toBeLessThanOrEqual(most);
      expect(values.filter((value) => value > 0).length / values.length).toBeCloseTo(0.5, 1);
    };
    within('decay', 0.32);
    within('blur', 1.2);
    within('norm', 80);
    within('contribution', 95);
    expect(Object.values(YOSINSKI).every(({ decay, blur }) => decay <= 0.32 && blur <= 1.2)).toBe(true);
  });

  it('another seed draws others', () => {
    expect(searched(3, random(1)).map(describePriors)).not.toEqual(searched(3, random(2)).map(describePriors));
  });
});

it('all: one picture for each of the paper’s four settings', async () => {
  const { tiles } = await made({ settings: 'all', steps: 2 });
  expect(tiles.map(({ label }) => label)).toEqual([
    '1 · blur 0.5 each 4, norm 50 %',
    '1 · decay 0.3, norm 20 %',
    '1 · decay 0.0001, blur 1 each 4',
    '1 · blur 0.5 each 4, contribution 90 %',
  ]);
});
