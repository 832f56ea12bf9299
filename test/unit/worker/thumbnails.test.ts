import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/core/images/png.ts';
import { openSession } from '../../../src/core/open.ts';
import type { Session } from '../../../src/core/session.ts';
import type { ThumbnailRequest } from '../../../src/protocol/worker.ts';
import { hoverTiles } from '../../../src/worker/hover-tiles.ts';
import { thumbnails, type Drive } from '../../../src/worker/thumbnails.ts';

const model = path.resolve(import.meta.dirname, '../../../media/samples/digits.h5');

describe('a hover’s thumbnails', () => {
  let session: Session;
  let cacheFolder: string;
  let steps = 0;
  beforeAll(async () => {
    session = await openSession(model);
    cacheFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-hover-'));
  });
  afterAll(async () => {
    await session.dispose();
    fs.rmSync(cacheFolder, { recursive: true });
  });
  const drive: Drive = async (run) => {
    for (;;) {
      const step = await run.next();
      if (step.done) return step.value;
      steps++;
    }
  };
  const ask = (more: Partial<ThumbnailRequest>) =>
    thumbnails(
      session,
      { model, layer: 'conv1', units: [0, 1, 2], cacheFolder, cachedOnly: false, ...more },
      { signal: new AbortController().signal, drive },
    );

  it('come from the cache alone until they are asked for', async () => {
    expect(await ask({ cachedOnly: true })).toBeUndefined();
    expect(steps).toBe(0);
    const made = await ask({});
    expect(made!.map(({ unit, label, picture }) => [unit, label, picture.width])).toEqual([
      [0, undefined, 28],
      [1, undefined, 28],
      [2, undefined, 28],
    ]);
    expect(await ask({ cachedOnly: true })).toEqual(made);
  });

  it('of classes have their labels', async () => {
    const made = await ask({ layer: 'digits', units: [0, 9] });
    expect(made!.map(({ label }) => label)).toEqual(['zero', 'nine']);
  });
});

describe('what is drawn for hovers', () => {
  const tile = (paint: (i: number) => number) =>
    encodePng({ width: 128, height: 128, rgb: Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => paint(i)) });

  it('fits into a hover, of noise too', async () => {
    let state = 1;
    const noise = () => (state = (state * 48271) % 0x7fffffff) & 255;
    const pngs = Array.from({ length: 9 }, () => tile(noise));
    const pictures = await hoverTiles(pngs);
    const characters = pictures.reduce((sum, { jpeg }) => sum + Buffer.from(jpeg).toString('base64').length, 0);
    expect(characters).toBeLessThan(90_000);
    expect(pictures[0]!.width).toBeGreaterThan(40);
  });

  it('keeps the shape of pictures, and enlarges none', async () => {
    const sized = (width: number, height: number) =>
      encodePng({ width, height, rgb: new Uint8Array(width * height * 3) });
    expect((await hoverTiles([sized(40, 20)]))[0]).toMatchObject({ width: 40, height: 20 });
    expect((await hoverTiles([sized(160, 40)]))[0]).toMatchObject({ width: 80, height: 20 });
  });
});
