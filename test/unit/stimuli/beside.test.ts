import { describe, expect, it } from 'vitest';
import { beside } from '../../../src/core/stimuli/beside.ts';

/** Gives 0, 1 … below `count`; notes which lane it got, and how many run beside it. */
function counting(count: number, seen: { lanes: (number | undefined)[]; now: number; most: number }) {
  return async function* (lane: number | undefined) {
    seen.lanes.push(lane);
    seen.most = Math.max(seen.most, ++seen.now);
    for (let i = 0; i < count; i++) {
      await Promise.resolve();
      yield i;
    }
    seen.now--;
  };
}

async function all(makers: readonly ReturnType<typeof counting>[], lanes: number): Promise<number[][]> {
  const found = makers.map((): number[] => []);
  for await (const [index, value] of beside(makers, lanes)) found[index]!.push(value);
  return found;
}

describe('generators beside each other', () => {
  it('give all their values, each in its order, no more of them at a time than there are lanes', async () => {
    const seen = { lanes: [], now: 0, most: 0 };
    const counts = [3, 1, 4, 1, 5];
    const found = await all(
      counts.map((count) => counting(count, seen)),
      2,
    );
    expect(found).toEqual(counts.map((count) => Array.from({ length: count }, (_, i) => i)));
    expect(seen.most).toBe(2);
    expect(new Set(seen.lanes)).toEqual(new Set([0, 1]));
  });

  it('have no lane where one is alone, or where there is but one', async () => {
    const alone = { lanes: [], now: 0, most: 0 };
    await all([counting(2, alone)], 3);
    expect(alone.lanes).toEqual([undefined]);
    const inTurn = { lanes: [], now: 0, most: 0 };
    await all([counting(2, inTurn), counting(2, inTurn)], 1);
    expect(inTurn).toEqual({ lanes: [undefined, undefined], now: 0, most: 1 });
  });

  it('end with the error of the one that fails', async () => {
    const seen = { lanes: [], now: 0, most: 0 };
    const failing = async function* (): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new Error('no more');
    };
    await expect(all([failing, counting(50, seen)], 2)).rejects.toThrow('no more');
  });
});
