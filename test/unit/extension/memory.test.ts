import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReplyCache } from '../../../src/extension/panels/cache.ts';
import { arrayBytes, Memory } from '../../../src/extension/panels/memory.ts';

describe('arrayBytes', () => {
  it('adds up the arrays of plain data', () => {
    expect(arrayBytes({ a: new Float32Array(3), b: [{ c: new Uint8Array(5) }, null, 'text', undefined] })).toBe(17);
  });
});

describe('Memory', () => {
  it('keeps within its limit, and drops what was used longest ago', () => {
    const memory = new Memory(1000);
    for (const key of ['a', 'b', 'c']) memory.set(key, new Uint8Array(300));
    expect(memory.get('a')).toBeDefined();
    memory.set('d', new Uint8Array(300));
    expect(memory.get('b')).toBeUndefined();
    expect(memory.get('a')).toBeDefined();
    expect(memory.bytes).toBeLessThanOrEqual(1000);
  });

  it('does not keep what alone exceeds it, and forgets what stood there', () => {
    const memory = new Memory(100);
    memory.set('a', new Uint8Array(10));
    memory.set('a', new Uint8Array(1000));
    expect(memory.get('a')).toBeUndefined();
    expect(memory.bytes).toBe(0);
  });
});

describe('ReplyCache', () => {
  let folder: string;
  let model: string;
  let asked: number;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'layerscope-'));
    model = path.join(folder, 'a.onnx');
    writeFileSync(model, 'model');
    asked = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ask = async () => ({ ok: true, value: { number: ++asked } }) as const;

  it('answers again without asking, until a file has changed', async () => {
    const cache = new ReplyCache();
    const image = { path: path.join(folder, 'cat.png') };
    const question = { what: 'run', model, image };
    expect(await cache.get(question, ask)).toEqual({ ok: true, value: { number: 1 } });
    expect(await cache.get(question, ask)).toEqual({ ok: true, value: { number: 1 } });
    expect(await cache.get({ ...question, what: 'previews' }, ask)).toEqual({ ok: true, value: { number: 2 } });
    utimesSync(model, 1, 1);
    expect(await cache.get(question, ask)).toEqual({ ok: true, value: { number: 3 } });
    writeFileSync(path.join(folder, 'a.layerscope.json'), '{}');
    expect(await cache.get(question, ask)).toEqual({ ok: true, value: { number: 4 } });
    writeFileSync(image.path, 'cat');
    expect(await cache.get(question, ask)).toEqual({ ok: true, value: { number: 5 } });
    const style = { path: path.join(folder, 'painting.png') };
    expect(await cache.get({ ...question, style }, ask)).toEqual({ ok: true, value: { number: 6 } });
    writeFileSync(style.path, 'painting');
    expect(await cache.get({ ...question, style }, ask)).toEqual({ ok: true, value: { number: 7 } });
  });

  it('takes an image that the page left out, which arrives as null', async () => {
    const question = { what: 'previews', model, image: null as unknown as undefined };
    expect(await new ReplyCache().get(question, ask)).toEqual({ ok: true, value: { number: 1 } });
  });

  it('asks again after failures, after parts, and for images that are no files', async () => {
    const cache = new ReplyCache();
    const failed = { ok: false, kind: 'engine', message: 'no memory' } as const;
    expect(await cache.get({ what: 'run', model }, async () => failed)).toBe(failed);
    const part = { ok: true, value: { provenance: { partial: true } } } as const;
    expect(await cache.get({ what: 'run', model }, async () => part)).toBe(part);
    const image = { name: 'pasted', width: 1, height: 1, rgba: new Uint8Array(4) };
    await cache.get({ what: 'run', model, image }, ask);
    await cache.get({ what: 'run', model, image }, ask);
    await cache.get({ what: 'run', model, style: image }, ask);
    await cache.get({ what: 'run', model, style: image }, ask);
    expect(asked).toBe(4);
  });
});
