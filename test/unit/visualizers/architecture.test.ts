import { describe, expect, it } from 'vitest';
import { renderResult } from '../../../src/core/images/render.ts';
import { groupsOf } from '../../../src/core/images/graph-groups.ts';
import type { GraphResult } from '../../../src/core/results.ts';
import { architecture } from '../../../src/core/visualizers/architecture.ts';
import { resultOf, tinyNetwork } from './tiny-network.ts';

const drawn = async (params = {}) => (await resultOf(architecture, await tinyNetwork(), { params })) as GraphResult;

describe('architecture', () => {
  it('says what each layer sees, stores and computes, and what feeds it', async () => {
    const { boxes, edges, metrics } = await drawn();
    expect(boxes[1]).toEqual({
      name: 'conv',
      kind: 'Conv',
      shape: [4, 4, 3],
      parameters: 108,
      flops: 4 * 4 * 3 * 27 * 2,
      receptiveField: [3, 3],
    });
    expect(edges[0]).toEqual({ from: 'image', to: 'conv' });
    expect(edges).toHaveLength(6);
    expect(metrics).toMatchObject({ layers: 7, parameters: 108 + 8 + 72 });
  });

  it('joins what only finishes a layer to it', async () => {
    const { groups, edges } = groupsOf(await drawn());
    expect(groups.map(({ boxes }) => boxes.map(({ name }) => name))).toEqual([
      ['image'],
      ['conv', 'relu'],
      ['mix'],
      ['flatten'],
      ['dense', 'softmax'],
    ]);
    expect(edges).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it('is drawn with marks whose size tells what is asked for', async () => {
    const blue = [0, 114, 178].join();
    const area = async (size: string) => {
      const { rgb } = renderResult(await drawn({ size }));
      let count = 0;
      for (let i = 0; i < rgb.length; i += 3) if (rgb.subarray(i, i + 3).join() === blue) count++;
      return count;
    };
    // Both convolutions are blue: of 108 and 8 weights, so squares of 40 and 40·√(8/108) pixels (11).
    expect(await area('parameters')).toBeGreaterThan(1600);
    expect(await area('parameters')).toBeLessThan(1600 + 13 * 13);
    expect(await area('receptive-field')).not.toBe(await area('parameters'));
  });
});
