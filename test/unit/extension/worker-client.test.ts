import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerClient } from '../../../src/extension/worker-client.ts';

const file = path.resolve(import.meta.dirname, '../../support/workers/misbehaving.mjs');

describe('the child process, as the extension sees it', () => {
  const onCrash = vi.fn<(message: string) => void>();
  let client: WorkerClient;
  const start = () => (client = new WorkerClient({ file, log: () => {}, onCrash }));
  afterEach(() => {
    client.dispose();
    onCrash.mockReset();
  });

  it('starts once, and passes on progress', async () => {
    start();
    const seen: number[] = [];
    const first = await client.open('a');
    const pid = client.pid;
    const run = await client.run({ method: 'm', model: 'a' }, { onProgress: ({ done }) => seen.push(done) });
    expect(first.ok && run).toEqual({ ok: true, value: 'm' });
    expect(seen).toEqual([1, 2, 3]);
    expect(client.pid).toBe(pid);
  });

  it.each(['exit', 'kill'])('a crash (%s) answers all who wait, is told once, and the next call works', async (how) => {
    start();
    const waiting = client.run({ method: 'hang', model: 'a' });
    const crashing = await client.open(how);
    expect(crashing).toMatchObject({ ok: false, kind: 'crashed' });
    expect(await waiting).toMatchObject({ ok: false, kind: 'crashed' });
    expect(onCrash).toHaveBeenCalledTimes(1);
    expect(await client.open('a')).toMatchObject({ ok: true });
  });

  it('kills within about a second what a cancel does not end, even a busy loop, and the next call works', async () => {
    start();
    const abort = new AbortController();
    const busy = client.run({ method: 'busy', model: 'a' }, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    abort.abort();
    expect(await busy).toMatchObject({ ok: false, kind: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(2000);
    expect(onCrash).not.toHaveBeenCalled();
    expect(await client.open('a')).toMatchObject({ ok: true });
  });

  it('asks again what else the process had to do, when one call has to be ended by force', async () => {
    start();
    const abort = new AbortController();
    const busy = client.run({ method: 'busy', model: 'a' }, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pid = client.pid;
    const waiting = client.open('a');
    abort.abort();
    expect(await busy).toMatchObject({ ok: false, kind: 'cancelled' });
    expect(await waiting).toMatchObject({ ok: true });
    expect(client.pid).not.toBe(pid);
    expect(onCrash).not.toHaveBeenCalled();
  });

  it('answers a call that was cancelled before it began', async () => {
    start();
    const abort = new AbortController();
    abort.abort();
    expect(await client.run({ method: 'm', model: 'a' }, { signal: abort.signal })).toMatchObject({
      kind: 'cancelled',
    });
    expect(client.pid).toBeUndefined();
  });

  it('restarts on demand without a word of a crash', async () => {
    start();
    const waiting = client.open('hang');
    await client.open('a');
    const pid = client.pid;
    await client.restart();
    expect(await waiting).toMatchObject({ ok: false, kind: 'crashed' });
    expect(onCrash).not.toHaveBeenCalled();
    await client.open('a');
    expect(client.pid).not.toBe(pid);
  });

  it('says what is wrong when the program is not there', async () => {
    client = new WorkerClient({ file: '/nowhere/worker.cjs', log: () => {}, onCrash });
    const reply = await client.open('a');
    expect(reply).toMatchObject({ ok: false, kind: 'crashed', message: expect.stringContaining('Restart it') });
  });
});
