import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { encodePng } from '../../../src/core/images/png.ts';
import { openSession } from '../../../src/core/open.ts';
import type { Session } from '../../../src/core/session.ts';
import type { ThumbnailRequest } from '../../../src/protocol/worker.ts';
import { contactSheet } from '../../../src/worker/contact-sheet.ts';
import { thumbnails } from '../../../src/worker/thumbnails.ts';

const model = path.resolve(import.meta.dirname, '../../../media/samples/digits.h5');

describe('thumbnails', () => {
  let session: Session;
  let cacheFolder: string;
  let runs = 0;
  beforeAll(async () => {
    session = await openSession(model);
    cacheFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-thumbnails-'));
  });
  afterAll(async () => {
    await session.dispose();
    fs.rmSync(cacheFolder, { recursive: true });
  });
  const ask = (more: Partial<ThumbnailRequest>, signal = new AbortController().signal) =>
    thumbnails(
      session,
      { model, layer: 'conv1', units: [0, 1, 2], cacheFolder, cachedOnly: false, ...more },
      signal,
      async (run) => {
        runs++;
        for (;;) {
          const step = await run.next();
          if (step.done) return step.value;
        }
      },
    );

  it('are computed once, only the missing ones, and kept', async () => {
    expect(await ask({ cachedOnly: true })).toBeUndefined();
    const first = (await ask({}))!;
    expect(runs).toBe(1);
    const picture = decodeImage(first.pngs[1]!, 'thumbnail');
    expect([picture.width, picture.height]).toEqual([first.width, first.height]);
    expect(new Set(picture.rgb).size).toBeGreaterThan(8);
    const kept = (await ask({ cachedOnly: true }))!;
    expect(kept.pngs.map((png) => Buffer.from(png).toString('base64'))).toEqual(
      first.pngs.map((png) => Buffer.from(png).toString('base64')),
    );
    const more = (await ask({ units: [2, 1, 3] }))!;
    expect(Buffer.compare(more.pngs[1]!, first.pngs[1]!)).toBe(0);
    expect(runs).toBe(2);
    expect(await ask({ layer: 'conv2', cachedOnly: true })).toBeUndefined();
    expect(runs).toBe(2);
  });

  it('that are cancelled are not kept', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(ask({ layer: 'conv3' }, abort.signal)).rejects.toThrow('Cancelled.');
    expect(await ask({ layer: 'conv3', cachedOnly: true })).toBeUndefined();
  });
});

describe('contact sheets', () => {
  const tile = (paint: (i: number) => number) =>
    encodePng({ width: 128, height: 128, rgb: Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => paint(i)) });

  it('hold three in a row', () => {
    const sheet = decodeImage(contactSheet(Array.from({ length: 5 }, (_, n) => tile(() => 50 * n))), 'sheet');
    const at = (x: number, y: number) =>
      sheet.rgb[(Math.floor(y * sheet.height) * sheet.width + Math.floor(x * sheet.width)) * 3];
    expect([at(0.1, 0.2), at(0.5, 0.2), at(0.9, 0.2), at(0.1, 0.8), at(0.5, 0.8)]).toEqual([0, 50, 100, 150, 200]);
  });

  it('of noise still fit into a hover', () => {
    let state = 1;
    const noise = () => (state = (state * 48271) % 0x7fffffff) & 255;
    const sheet = contactSheet(Array.from({ length: 9 }, () => tile(noise)));
    expect(Buffer.from(sheet).toString('base64').length).toBeLessThan(90_000);
    expect(decodeImage(sheet, 'sheet').width).toBeGreaterThan(100);
  });
});
