import { describe, expect, it, vi } from 'vitest';
import type { ImagesResult } from '../../../src/core/results.ts';
import type { GalleryHostApi, GalleryLayer } from '../../../src/protocol/gallery.ts';
import type { Reply } from '../../../src/protocol/worker.ts';
import { toLook, toMake, type Filled } from '../../../src/webview/gallery/fill.ts';
import { findUnits, orderUnits } from '../../../src/webview/gallery/order.ts';

// What the compiler makes of runes is no part of this: values are plain here, and what is derived stays as it was.
const plain = (value: unknown) => value;
vi.stubGlobal('$state', Object.assign(plain, { raw: plain }));
vi.stubGlobal('$derived', plain);
const { Filling } = await import('../../../src/webview/gallery/filling.svelte.ts');
const { Gallery } = await import('../../../src/webview/gallery/gallery.svelte.ts');

const all = (count: number) => Array.from({ length: count }, (_, unit) => unit);
const filled = (order: readonly number[], looked: readonly number[], has: readonly number[]): Filled => ({
  order,
  looked: (unit) => looked.includes(unit),
  has: (unit) => has.includes(unit),
});

describe('what a gallery fills next', () => {
  it('looks for those in view first, then for what follows, then for the rest, once', () => {
    expect(toLook(filled(all(5), [], []), [2, 3])).toEqual([2, 3, 4, 0, 1]);
    expect(toLook(filled(all(4), [2, 0], []), [2, 3])).toEqual([3, 1]);
    expect(toLook(filled(all(200), [], []), [150])).toHaveLength(48);
    expect(toLook(filled(all(4), all(4), []), [2])).toEqual([]);
  });

  it('makes what is missing in view, by nines, before what is not in view', () => {
    expect(toMake(filled(all(30), all(30), [0, 1]), all(12))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(toMake(filled(all(5), all(5), [3]), [3, 4])).toEqual([4, 0, 1, 2]);
    expect(toMake(filled(all(5), all(5), all(5)), [0])).toEqual([]);
  });

  it('goes on in the order in which units are shown', () => {
    expect(toMake(filled([3, 1, 4, 0, 2], all(5), [0]), [4])).toEqual([4, 2, 3, 1]);
  });

  it('makes nothing that may be in the cache', () => {
    expect(toMake(filled(all(9), [0], []), [0, 1])).toEqual([]);
    expect(toMake(filled(all(9), [0, 1], []), [0, 1])).toEqual([0, 1]);
  });
});

describe('the order of a gallery', () => {
  it('is by number, by activation, or by name; equal ones by number', () => {
    const names = ['b', 'a10', 'a9'];
    expect(orderUnits(3, 'by number', { names, strengths: [1, 2, 3] })).toEqual([0, 1, 2]);
    expect(orderUnits(3, 'by activation', { strengths: [1, 2, 1] })).toEqual([1, 0, 2]);
    expect(orderUnits(3, 'by name', { names })).toEqual([2, 1, 0]);
    expect(orderUnits(3, 'by activation', {})).toEqual([0, 1, 2]);
  });

  it('leaves those that are looked for, by a part of the name or by the number', () => {
    const names = ['tiger cat', 'Siamese cat', 'dog'];
    expect(findUnits([2, 1, 0], ' CAT ', names)).toEqual([1, 0]);
    expect(findUnits([2, 1, 0], '2', names)).toEqual([2]);
    expect(findUnits([2, 1, 0], '', names)).toEqual([2, 1, 0]);
    expect(findUnits(all(30), '1', undefined)).toEqual([1]);
  });
});

describe('a gallery', () => {
  /** A host with some pictures kept; the others are made when `release` says so. */
  function open(kept: readonly number[], count = 20) {
    const layer: GalleryLayer = { state: { model: '/net.onnx', layer: 'conv' }, facts: [], count, image: 'cat.png' };
    const made: number[][] = [];
    let settle: ((reply: Reply<Uint8Array[]>) => void) | undefined;
    const png = new Uint8Array([1]);
    const host = {
      ready: async () => ({ ok: true, value: layer }) as const,
      tiles: async (_id: number, units: readonly number[], compute: boolean) => {
        if (!compute) return { ok: true, value: units.map((unit) => (kept.includes(unit) ? png : undefined)) } as const;
        made.push([...units]);
        return new Promise<Reply<Uint8Array[]>>((resolve) => (settle = resolve));
      },
      strengths: async () => ({ ok: true, value: all(count) }) as const,
      pause: vi.fn(async () => {}),
      cancel: vi.fn(async () => {}),
      save: vi.fn(async (): Promise<Reply<string | undefined>> => ({ ok: true, value: 'net.html' })),
    };
    vi.stubGlobal('URL', { createObjectURL: () => 'blob:' });
    const gallery = new Gallery(() => host as unknown as GalleryHostApi);
    const filling = new Filling({
      host: () => host as unknown as GalleryHostApi,
      order: () => all(gallery.layer?.count ?? 0),
      nextId: () => made.length + 1,
      announce: (text) => gallery.announce(text),
    });
    Object.assign(gallery, { filling }); // in place of the one whose order is derived
    const wait = () => new Promise((resolve) => setTimeout(resolve, 5));
    const release = async (reply?: Reply<Uint8Array[]>) => {
      settle?.(reply ?? { ok: true, value: made.at(-1)!.map(() => png) });
      await wait();
    };
    return { gallery, filling, made, host, release, wait };
  }
  const progress = (done: number, total: number) => ({ done, total });

  it('shows what is kept at once, and makes the rest batch by batch', async () => {
    const { gallery, filling, made, release } = open(all(10));
    filling.see([12, 13]);
    await gallery.start();
    await release();
    expect(made[0]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 10]);
    await release();
    expect(made[1]).toEqual([11]);
    expect(filling.status).toBe('whole');
    expect(filling.pictures.size).toBe(20);
  });

  it('shows pictures while they are made, and how long all take, which what was kept says nothing of', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const { gallery, filling, wait } = open(all(10));
    await gallery.start();
    await wait();
    filling.progress(1, progress(0, 90));
    expect(filling.left).toBeUndefined();
    vi.setSystemTime(2000);
    const tiles = [{ unit: 11 }, { unit: 12 }];
    const partial = { kind: 'images', tiles, width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    filling.progress(1, { done: 20, total: 90, partial: partial as unknown as ImagesResult });
    expect(filling.done).toBe(12);
    expect(filling.left).toBe('8 s');
    expect(filling.forming.get(12)).toEqual({ width: 1, height: 1, rgb: Uint8Array.of(4, 5, 6) });
    expect(filling.forming.has(10)).toBe(false);
    vi.useRealTimers();
  });

  it('pauses, and goes on', async () => {
    const { gallery, filling, made, host, release, wait } = open([]);
    await gallery.start();
    await wait();
    filling.pause(true);
    expect(host.pause).toHaveBeenLastCalledWith(expect.any(Number), true);
    await release();
    expect(made).toHaveLength(1);
    expect(filling.pictures.size).toBe(9);
    filling.pause(false);
    await wait();
    expect(made).toEqual([all(9), [9, 10, 11, 12, 13, 14, 15, 16, 17]]);
  });

  it('says why it stopped, asks for nothing until it is told to, and goes on where it was', async () => {
    const { gallery, filling, made, release, wait } = open([]);
    await gallery.start();
    await wait();
    await release({ ok: false, kind: 'crashed', message: 'The computing process ended.' });
    expect(filling).toMatchObject({ status: 'failed', failure: 'The computing process ended.' });
    filling.see([15]);
    await wait();
    expect(made).toHaveLength(1);
    filling.again();
    expect(made[1]![0]).toBe(15);
  });

  it('makes nothing itself while a file is made, and has its pictures afterwards', async () => {
    const kept = all(10);
    const { gallery, filling, made, host, release, wait } = open(kept);
    await gallery.start();
    await wait();
    let saved = (_: Reply<string | undefined>) => {};
    host.save.mockImplementation(() => new Promise((resolve) => (saved = resolve)));
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    filling.progress(1, progress(0, 90));
    vi.setSystemTime(2000);
    filling.progress(1, progress(20, 90));
    expect(filling.left).toBe('8 s');
    const saving = gallery.save();
    expect(gallery.saving?.total).toBe(0);
    gallery.progress(gallery.saving!.id, progress(10, 20));
    vi.setSystemTime(90_000);
    filling.progress(1, progress(20, 90));
    expect(filling.left).toBe('8 s');
    await release();
    expect(made).toHaveLength(1);
    kept.push(19);
    saved({ ok: true, value: 'net.html: 20 pictures' });
    await saving;
    await wait();
    expect(gallery.announcement).toBe('Saved net.html: 20 pictures');
    expect(filling.pictures.size).toBe(20);
    expect(filling.status).toBe('whole');
    vi.useRealTimers();
  });

  it('is sorted by the activation for the image', async () => {
    const { gallery } = open(all(20));
    await gallery.start();
    await gallery.sort('by activation');
    expect(gallery.strengths).toEqual(all(20));
    expect(gallery.view.order).toBe('by activation');
  });
});
