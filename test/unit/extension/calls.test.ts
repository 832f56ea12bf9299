import { describe, expect, it } from 'vitest';
import { Calls } from '../../../src/extension/panels/calls.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('aborted')));

describe('Calls', () => {
  it('aborts the call of an id, and no other', async () => {
    const calls = new Calls();
    let other: AbortSignal | undefined;
    const first = calls.with(1, untilAborted);
    void calls.with(2, (signal) => untilAborted((other = signal)));
    calls.cancel(1);
    expect(await first).toBe('aborted');
    expect(other!.aborted).toBe(false);
  });

  it('aborts all of a page that is gone; the next page may use its ids', async () => {
    const calls = new Calls();
    const old = calls.with(1, untilAborted);
    calls.cancelAll();
    const next = calls.with(1, untilAborted);
    expect(await old).toBe('aborted');
    calls.cancel(1);
    expect(await next).toBe('aborted');
  });

  it('passes on what the work gives, or throws', async () => {
    const calls = new Calls();
    expect(await calls.with(1, async () => 5)).toBe(5);
    await expect(calls.with(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    calls.cancel(1);
  });
});
