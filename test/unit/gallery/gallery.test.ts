import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { thumbnailsOfAllLayers } from '../../../src/core/gallery/all-layers.ts';
import { makeGallery } from '../../../src/core/gallery/make-gallery.ts';
import { makeThumbnails } from '../../../src/core/gallery/thumbnails.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { findLayer } from '../../../src/core/layers.ts';
import { openSession } from '../../../src/core/open.ts';
import type { Progress } from '../../../src/core/request.ts';
import { Session } from '../../../src/core/session.ts';

const model = path.resolve(import.meta.dirname, '../../../media/samples/digits.h5');

describe('all of a network, and all of a layer', () => {
  let session: Session;
  let folder: string;
  beforeAll(async () => {
    session = await openSession(model);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-gallery-'));
  });
  afterAll(async () => {
    await session.dispose();
    fs.rmSync(folder, { recursive: true });
  });

  /** Goes on until `stop` says that it is to be cancelled. */
  async function finish<T>(
    start: (signal: AbortSignal) => AsyncGenerator<Progress, T>,
    stop: (progress: Progress) => boolean = () => false,
  ) {
    const abort = new AbortController();
    const run = start(abort.signal);
    const seen: Progress[] = [];
    for (;;) {
      const step = await run.next();
      if (step.done) return { value: step.value, seen };
      seen.push(step.value);
      if (stop(step.value)) abort.abort();
    }
  }
  const all = (signal: AbortSignal) => thumbnailsOfAllLayers(session, { folder, signal });
  const gallery = (signal: AbortSignal) =>
    makeGallery(session, { layer: 'conv1', folder: path.join(folder, 'another'), signal });

  it('what is finished of all layers stays when it is cancelled, and it goes on from there', async () => {
    await expect(finish(all, ({ done }) => done > 1.2)).rejects.toThrow('Cancelled.');
    const again = await finish(all, ({ done }) => done > 2.2).catch((error: Error) => error.message);
    expect(again).toBe('Cancelled.');
    const { value, seen } = await finish(all);
    expect(seen[0]!.done).toBeGreaterThanOrEqual(2);
    expect(seen.every(({ done }, i) => i === 0 || done >= seen[i - 1]!.done)).toBe(true);
    expect(seen.at(-1)).toEqual({ done: 8, total: 8 });
    expect(value).toEqual({ layers: 8, skipped: 0 });
    expect((await finish(all)).seen).toEqual([{ done: 8, total: 8 }]);
  }, 120_000);

  it('a layer that no gradient comes back from is passed over, the others are made', async () => {
    const builder = new GraphBuilder();
    builder.input('image', [BATCH, 1, 8, 8]);
    builder.constant('w', float32(Float32Array.of(1, -1), [2, 1, 1, 1]));
    builder.addNode('Conv', ['image', 'w'], ['conv'], { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] });
    builder.addNode('Floor', ['conv'], ['steps']);
    builder.addNode('Relu', ['steps'], ['relu']);
    const layers = ['relu', 'conv'].map((name) => {
      return { name, kind: name, output: name, before: name, after: name, nodes: [name], weights: [] };
    });
    const stepped = new Session(
      {
        file: '/steps.onnx',
        format: 'onnx',
        sha256: '5'.repeat(64),
        graph: builder.graph(['relu']),
        inputs: [{ name: 'image', shape: [BATCH, 1, 8, 8], layout: 'NCHW' }],
        layers,
        unknown: [],
        warnings: [],
      },
      session.engine,
      session.description,
    );
    const { value, seen } = await finish((signal) => thumbnailsOfAllLayers(stepped, { folder, signal }));
    expect(value).toEqual({ layers: 1, skipped: 1 });
    expect(seen.at(-1)).toEqual({ done: 2, total: 2 });
  });

  it('a cancelled gallery shows what was finished, and says so; the next one makes the rest', async () => {
    const first = await finish(gallery, ({ done }) => done > 12.5);
    expect(first.value.partial).toBe(true);
    expect(first.value.pictures).toBe(12);
    expect(first.value.html).toContain('12 of 16 units; the others were not made.');
    const second = await finish(gallery);
    expect(second.seen[0]).toEqual({ done: 12, total: 16 });
    expect(second.value.partial).toBe(false);
    expect(second.value.html.match(/<figure /g)).toHaveLength(16);
    expect((await finish(gallery)).value.html).toBe(second.value.html);
  }, 60_000);

  it('can leave out what is missing', async () => {
    const ofLayer = (layer: string) => (signal: AbortSignal) =>
      makeGallery(session, { layer, folder: path.join(folder, 'a third'), missing: 'leave out', signal });
    await expect(finish(ofLayer('conv2'))).rejects.toThrow("No picture of layer 'conv2' is there yet.");
    await finish((signal) =>
      makeThumbnails(
        { session, layer: findLayer(session, 'conv2'), units: [5, 2], folder: path.join(folder, 'a third') },
        signal,
      ),
    );
    const { value } = await finish(ofLayer('conv2'));
    expect(value).toMatchObject({ pictures: 2, partial: false });
    expect(value.html).toContain('2 of 32 units; the others were not made.');
    expect(value.html.match(/id="unit-\d+"/g)).toEqual(['id="unit-2"', 'id="unit-5"']);
  }, 60_000);

  it('says which layers have none', async () => {
    const asked = (layer: string) => (signal: AbortSignal) => makeGallery(session, { layer, folder, signal });
    await expect(finish(asked('image'))).rejects.toThrow("Layer 'image' has no channels");
    await expect(finish(asked('conv9'))).rejects.toThrow('conv');
  });
});
