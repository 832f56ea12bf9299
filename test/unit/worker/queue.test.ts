import { describe, expect, it } from 'vitest';
import { Queue } from '../../../src/worker/queue.ts';

describe('the queue', () => {
  it('runs one at a time, in order, and goes on after a failure', async () => {
    const queue = new Queue();
    const seen: string[] = [];
    const job = (name: string, fails = false) =>
      queue.add(seen.length + name.length, 'long', async () => {
        seen.push(`${name} starts`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([job('a', true), job('bb')]);
    expect(seen).toEqual(['a starts', 'a ends', 'bb starts', 'bb ends']);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('rejects what waits as soon as it is cancelled, and never starts it', async () => {
    const queue = new Queue();
    let release = () => {};
    const first = queue.add(1, 'long', () => new Promise<void>((resolve) => (release = resolve)));
    let started = false;
    const second = queue.add(2, 'long', async () => void (started = true));
    queue.cancel(2);
    await expect(second).rejects.toThrow('Cancelled.');
    release();
    await first;
    await queue.add(3, 'long', async () => {});
    expect(started).toBe(false);
  });

  it('tells what runs that it is cancelled', async () => {
    const queue = new Queue();
    const running = queue.add(1, 'long', async (signal) => {
      while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
      return 'kept';
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    queue.cancel(1);
    expect(await running).toBe('kept');
  });

  it('does short calls between the steps of a long one', async () => {
    const queue = new Queue();
    const seen: string[] = [];
    const long = queue.add(1, 'long', async () => {
      for (const step of ['one', 'two']) {
        seen.push(step);
        await queue.step();
      }
    });
    const short = queue.add(2, 'short', async () => void seen.push('short'));
    await Promise.all([long, short]);
    expect(seen).toEqual(['one', 'short', 'two']);
  });
});
