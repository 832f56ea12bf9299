import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/gate.ts';
import { Queue } from '../../../src/worker/queue.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

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
        await queue.step(1);
      }
    });
    const short = queue.add(2, 'short', async () => void seen.push('short'));
    await Promise.all([long, short]);
    expect(seen).toEqual(['one', 'short', 'two']);
  });

  describe('pauses', () => {
    /** Takes steps until it is told to stop. */
    function stepping(queue: Queue, id: number) {
      const seen: { steps: number; gate?: Gate } = { steps: 0 };
      const result = queue.add(id, 'long', async (signal, gate) => {
        seen.gate = gate;
        for (; !signal.aborted; seen.steps++) await queue.step(id);
        return seen.steps;
      });
      return { seen, result };
    }
    it('what is paused takes no step, and others have their turn', async () => {
      const queue = new Queue();
      const { seen, result } = stepping(queue, 1);
      await soon();
      queue.pause(1, true);
      expect(await queue.add(2, 'long', async () => 'another')).toBe('another');
      const { steps } = seen;
      expect(steps).toBeGreaterThan(0);
      await soon();
      expect(seen.steps).toBe(steps);
      queue.pause(1, false);
      await soon();
      expect(seen.steps).toBeGreaterThan(steps);
      queue.cancel(1);
      expect(await result).toBe(seen.steps);
    });

    it('when it goes on, it waits for its turn', async () => {
      const queue = new Queue();
      const { seen, result } = stepping(queue, 1);
      await soon();
      queue.pause(1, true);
      let release = () => {};
      const other = queue.add(2, 'long', () => new Promise<void>((resolve) => (release = resolve)));
      await soon();
      queue.pause(1, false);
      const { steps } = seen;
      await soon();
      expect(seen.steps).toBe(steps);
      expect(seen.gate?.paused).toBe(true);
      release();
      await other;
      await soon();
      expect(seen.steps).toBeGreaterThan(steps);
      queue.cancel(1);
      await result;
    });

    it.each(['while it is paused', 'while it waits for its turn'])('can be cancelled %s', async (when) => {
      const queue = new Queue();
      const { seen, result } = stepping(queue, 1);
      await soon();
      queue.pause(1, true);
      const other = stepping(queue, 2);
      await soon();
      if (when !== 'while it is paused') queue.pause(1, false);
      await soon();
      queue.cancel(1);
      expect(await result).toBe(seen.steps);
      queue.cancel(2);
      expect(await other.result).toBeGreaterThan(0);
    });
  });

  describe('what nobody waits for', () => {
    it('has its turn after everything else, pages before the background', async () => {
      const queue = new Queue();
      const seen: string[] = [];
      let release = () => {};
      const first = queue.add(9, 'long', () => new Promise<void>((resolve) => (release = resolve)));
      const jobs = (['background', 'page', 'long', 'short'] as const).map((length, id) =>
        queue.add(id, length, async () => void seen.push(length)),
      );
      release();
      await Promise.all([first, ...jobs]);
      expect(seen).toEqual(['short', 'long', 'page', 'background']);
    });

    it('gives way between two steps, its lanes at the gate, until the others are done', async () => {
      const queue = new Queue();
      const seen: string[] = [];
      const background = queue.add(1, 'background', async (_signal, gate) => {
        for (const step of ['one', 'two']) {
          seen.push(`${step}, ${gate.paused}`);
          await queue.step(1);
        }
        return gate.paused;
      });
      const long = queue.add(2, 'long', async () => {
        await queue.step(2);
        seen.push('long');
      });
      expect(await background).toBe(false);
      await long;
      expect(seen).toEqual(['one, false', 'long', 'two, false']);
    });

    it.each([
      ['paused', [true], false],
      ['paused and resumed', [true, false], true],
    ])('%s while it gives way, it stays at the gate, and then does as it was told', async (_, wishes, goesOn) => {
      const queue = new Queue();
      let steps = 0;
      let gate: Gate | undefined;
      const background = queue.add(1, 'background', async (signal, own) => {
        gate = own;
        for (; !signal.aborted; steps++) await queue.step(1);
      });
      await soon();
      const open = await queue.add(2, 'long', async () => {
        return wishes.map((paused) => {
          queue.pause(1, paused);
          return !gate!.paused;
        });
      });
      expect(open).not.toContain(true);
      await soon();
      const before = steps;
      await soon();
      expect(steps > before).toBe(goesOn);
      expect(gate!.paused).toBe(!goesOn);
      queue.cancel(1);
      await background;
    });

    it('can be cancelled while it gives way', async () => {
      const queue = new Queue();
      const background = queue.add(1, 'background', async (signal) => {
        while (!signal.aborted) await queue.step(1);
        return 'ended';
      });
      let release = () => {};
      const long = queue.add(2, 'long', async () => {
        await new Promise<void>((resolve) => (release = resolve));
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      queue.cancel(1);
      release();
      await long;
      expect(await background).toBe('ended');
    });
  });
});
