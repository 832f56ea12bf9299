import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptThumbnails, makeThumbnails } from '../../../src/core/gallery/thumbnails.ts';
import { thumbnailParameters } from '../../../src/core/gallery/thumbnail-recipe.ts';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { findLayer } from '../../../src/core/layers.ts';
import { openSession } from '../../../src/core/open.ts';
import type { Session } from '../../../src/core/session.ts';
import { hasShared, SQUEEZENET } from '../../support/shared.ts';

const model = path.resolve(import.meta.dirname, '../../../media/samples/digits.h5');

describe('thumbnails', () => {
  let session: Session;
  let folder: string;
  beforeAll(async () => {
    session = await openSession(model);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-thumbnails-'));
  });
  afterAll(async () => {
    await session.dispose();
    fs.rmSync(folder, { recursive: true });
  });

  const wanted = (layer: string, units: readonly number[], of = session) => ({
    session: of,
    layer: findLayer(of, layer),
    units,
    folder,
  });

  /** The pictures, and how many steps were taken for them. */
  async function make(layer: string, units: readonly number[], signal = new AbortController().signal) {
    const run = makeThumbnails(wanted(layer, units), signal);
    let steps = 0;
    for (;;) {
      const step = await run.next();
      if (step.done) return { pngs: step.value, steps };
      steps = step.value.done;
    }
  }

  it('are computed once, only the missing ones, and kept', async () => {
    expect(await keptThumbnails(wanted('conv1', [0, 1]))).toEqual([undefined, undefined]);
    const first = await make('conv1', [0, 1, 2]);
    const each = thumbnailParameters(session, findLayer(session, 'conv1')).steps;
    expect(first.steps).toBe(3 * each);
    const picture = await decodeImage(first.pngs[1]!, 'thumbnail');
    expect(new Set(picture.rgb).size).toBeGreaterThan(8);
    const kept = await keptThumbnails(wanted('conv1', [2, 1, 3]));
    expect(Buffer.compare(kept[1]!, first.pngs[1]!)).toBe(0);
    expect(Buffer.compare(kept[0]!, first.pngs[2]!)).toBe(0);
    expect(kept[2]).toBeUndefined();
    expect((await make('conv1', [2, 1, 3])).steps).toBe(each);
    expect((await make('conv1', [2, 1, 3])).steps).toBe(0);
  });

  it('that are cancelled are not kept', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(make('conv3', [0], abort.signal)).rejects.toThrow('Cancelled.');
    expect(await keptThumbnails(wanted('conv3', [0]))).toEqual([undefined]);
  });

  it('are others where the input is prepared in another way', async () => {
    await make('conv1', [0]);
    const other = await openSession(model, { input: { scale: 0.5 } });
    expect(await keptThumbnails(wanted('conv1', [0], other))).toEqual([undefined]);
    await other.dispose();
  });
});

describe.skipIf(!hasShared)('size and steps of thumbnails', () => {
  it('shrink as the network below gets heavier, never below what is worth looking at', async () => {
    const session = await openSession(SQUEEZENET);
    const of = (name: string) => thumbnailParameters(session, findLayer(session, name));
    expect(of('conv1')).toMatchObject({ size: 0, steps: 128 });
    expect(of('fire5/concat')).toMatchObject({ size: 0, steps: 128 });
    const deep = ['fire7/concat', 'fire8/concat', 'fire9/concat', 'softmax'].map(of);
    for (const { size, steps } of deep) {
      expect([0, 64, 80, 96]).toContain(size);
      expect(steps).toBeGreaterThanOrEqual(56);
      expect(steps).toBeLessThan(128);
    }
    await session.dispose();
  });
});
