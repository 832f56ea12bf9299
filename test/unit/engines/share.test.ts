import { describe, expect, it } from 'vitest';
import { shareOut } from '../../../src/core/engines/lanes/share.ts';

const tick = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('tasks shared out among lanes', () => {
  it('go to the lane that is free, one at a time in each', async () => {
    const done: [number, number][] = [];
    const busy = new Set<number>();
    let told = 0;
    let finish = () => {};
    const others = new Promise<void>((resolve) => (finish = resolve));
    const run = async (task: number, lane: number) => {
      expect(busy.has(lane)).toBe(false);
      busy.add(lane);
      await (task === 0 ? others : tick(1));
      if (task === 3) finish();
      busy.delete(lane);
      done.push([task, lane]);
    };
    for await (const _ of shareOut([0, 1, 2, 3], 2, run)) told++;
    expect(told).toBe(4);
    expect(done).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [0, 0],
    ]);
  });

  it('reject with a failure, after what is under way', async () => {
    let ended = false;
    const run = async (task: number) => {
      if (task === 0) throw new Error('no memory');
      await tick(5);
      ended = true;
    };
    const all = async () => {
      for await (const _ of shareOut([0, 1, 2], 2, run));
    };
    await expect(all()).rejects.toThrow('no memory');
    expect(ended).toBe(true);
  });

  it('stop being given when nobody wants more', async () => {
    const begun: number[] = [];
    for await (const _ of shareOut([0, 1, 2, 3, 4], 2, async (task) => void begun.push(task))) break;
    expect(begun).toEqual([0, 1, 2]);
  });
});
