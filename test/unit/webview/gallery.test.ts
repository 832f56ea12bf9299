import { describe, expect, it, vi } from 'vitest';
import type { GalleryHostApi, GalleryLayer } from '../../../src/protocol/gallery.ts';
import { orderUnits, toLook, toMake, type Filled } from '../../../src/webview/gallery/fill.ts';

// What the compiler makes of runes is no part of this: values are plain here, and what is derived stays as it was.
const plain = (value: unknown) => value;
vi.stubGlobal('$state', Object.assign(plain, { raw: plain }));
vi.stubGlobal('$derived', plain);
const { Gallery } = await import('../../../src/webview/gallery/gallery.svelte.ts');

const filled = (count: number, looked: readonly number[], has: readonly number[]): Filled => ({
  count,
  looked: (unit) => looked.includes(unit),
  has: (unit) => has.includes(unit),
});
const all = (count: number) => Array.from({ length: count }, (_, unit) => unit);

describe('what a gallery fills next', () => {
  it('looks for those in view first, then for the others, once', () => {
    expect(toLook(filled(4, [], []), [2, 3])).toEqual([2, 3, 0, 1]);
    expect(toLook(filled(4, [2, 0], []), [2, 3])).toEqual([3, 1]);
    expect(toLook(filled(200, [], []), [150])).toHaveLength(48);
    expect(toLook(filled(4, all(4), []), [2])).toEqual([]);
  });

  it('makes what is missing in view, by nines, before what is not in view', () => {
    expect(toMake(filled(30, all(30), [0, 1]), all(12))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(toMake(filled(5, all(5), [3]), [3, 4])).toEqual([4, 0, 1, 2]);
    expect(toMake(filled(5, all(5), all(5)), [0])).toEqual([]);
  });

  it('makes nothing that may be in the cache', () => {
    expect(toMake(filled(9, [0], []), [0, 1])).toEqual([]);
    expect(toMake(filled(9, [0, 1], []), [0, 1])).toEqual([0, 1]);
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
});

describe('a gallery', () => {
  /** A host with some pictures kept; the others are made when `release` says so. */
  function open(kept: readonly number[], count = 20) {
    const layer: GalleryLayer = { state: { model: '/net.onnx', layer: 'conv' }, facts: [], count, image: 'cat.png' };
    const made: number[][] = [];
    let settle: (() => void) | undefined;
    const png = new Uint8Array([1]);
    const host = {
      ready: async () => ({ ok: true, value: layer }) as const,
      tiles: async (_id: number, units: readonly number[], compute: boolean) => {
        if (!compute) return { ok: true, value: units.map((unit) => (kept.includes(unit) ? png : undefined)) } as const;
        made.push([...units]);
        const ended = await new Promise<boolean>((resolve) => {
          settle = () => resolve(true);
          host.cancel = async () => resolve(false);
        });
        if (!ended) return { ok: false, kind: 'cancelled', message: 'Cancelled.' } as const;
        return { ok: true, value: units.map(() => png) } as const;
      },
      strengths: async () => ({ ok: true, value: all(count) }) as const,
      pause: vi.fn(async () => {}),
      cancel: async () => {},
    };
    vi.stubGlobal('URL', { createObjectURL: () => 'blob:' });
    const gallery = new Gallery(() => host as unknown as GalleryHostApi);
    const release = async () => {
      settle?.();
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    return { gallery, made, host, release };
  }

  it('shows what is kept at once, and makes the rest batch by batch', async () => {
    const { gallery, made, release } = open([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    gallery.see([12, 13]);
    await gallery.start();
    await release();
    expect(made[0]).toEqual([12, 13, 10, 11, 14, 15, 16, 17, 18]);
    await release();
    expect(made[1]).toEqual([19]);
    expect(gallery.status).toBe('whole');
    expect(gallery.pictures.size).toBe(20);
  });

  it('pauses, is cancelled, and goes on', async () => {
    const { gallery, made, host, release } = open([]);
    await gallery.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    gallery.pause(true);
    expect(host.pause).toHaveBeenLastCalledWith(expect.any(Number), true);
    gallery.pause(false);
    gallery.cancel();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(made).toHaveLength(1);
    expect(gallery.status).toBe('cancelled');
    gallery.again();
    expect(made).toEqual([all(9), all(9)]);
    await release();
    expect(gallery.pictures.size).toBe(9);
    gallery.cancel();
  });

  it('is sorted by the activation for the image', async () => {
    const { gallery } = open(all(20));
    await gallery.start();
    await gallery.sort('by activation');
    expect(gallery.strengths).toEqual(all(20));
    expect(gallery.view.order).toBe('by activation');
  });
});
