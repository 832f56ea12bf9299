import { describe, expect, it } from 'vitest';
import type { LiveFrame, Reply } from '../../../src/protocol/worker.ts';
import { FrameLoop } from '../../../src/webview/live/loop.ts';
import { sheetOf } from '../../../src/webview/live/paint.ts';
import { Rate } from '../../../src/webview/live/rate.ts';
import { cameraTrouble, type Frame, type FrameSource } from '../../../src/webview/live/sources.ts';
import { orderPairs } from '../../../src/webview/models/pieces.ts';
import { sharedRange } from '../../../src/webview/pictures/paint.ts';

const pixel = (name: string): Frame => ({ name, width: 1, height: 1, rgba: new Uint8Array(4) });
const answer: LiveFrame = {
  layer: 'conv',
  units: 1,
  width: 1,
  height: 1,
  tiles: new Uint8Array(1),
  means: new Float32Array(1),
  lows: new Float32Array(1),
  highs: new Float32Array(1),
  top: [],
  milliseconds: 1,
};

/** `count` frames, then none. */
function source(count: number) {
  const made = { name: 'made', disposed: false, asked: 0 };
  const frames: FrameSource = {
    name: 'made',
    next: async () => (made.asked++ < count ? pixel(`${made.asked}`) : undefined),
    dispose: () => void (made.disposed = true),
  };
  return { made, frames };
}

/** A loop, and what it shows. */
function loopOf(ask: (frame: Frame) => Promise<Reply<LiveFrame>>) {
  const seen = { frames: [] as string[], rate: 0, trouble: undefined as string | undefined };
  const loop = new FrameLoop({
    ask,
    show: (frame, _, rate) => {
      seen.frames.push(frame.name);
      seen.rate = rate;
    },
    changed: (_, trouble) => (seen.trouble = trouble),
  });
  return { loop, seen };
}

const answered = async (): Promise<Reply<LiveFrame>> => ({ ok: true, value: answer });

describe('live frames', () => {
  it('are never more than one on the way', async () => {
    let [flying, most] = [0, 0];
    const { loop, seen } = loopOf(async () => {
      most = Math.max(most, ++flying);
      await new Promise((resolve) => setTimeout(resolve, 2));
      flying--;
      return answered();
    });
    await loop.play(() => source(3).frames);
    expect(most).toBe(1);
    expect(seen.frames).toEqual(['1', '2', '3']);
    expect(seen.rate).toBeGreaterThan(0);
  });

  it('of an older source, which come late, are not shown', async () => {
    const waiting: ((reply: Reply<LiveFrame>) => void)[] = [];
    const { loop, seen } = loopOf(() => new Promise((resolve) => waiting.push(resolve)));
    const first = source(5);
    const old = loop.play(() => first.frames);
    await new Promise((resolve) => setTimeout(resolve));
    const next = loop.play(() => source(0).frames);
    waiting[0]!({ ok: true, value: answer });
    await Promise.all([old, next]);
    expect(first.made).toMatchObject({ disposed: true, asked: 1 });
    expect(seen.frames).toEqual([]);
  });

  it('end with what went wrong', async () => {
    const { loop, seen } = loopOf(async () => ({ ok: false, kind: 'usage', message: 'Layer x has no maps.' }));
    const { frames, made } = source(5);
    await loop.play(() => frames);
    expect(seen.trouble).toBe('Layer x has no maps.');
    expect(made).toMatchObject({ disposed: true, asked: 1 });
    await loop.play(() => Promise.reject(new Error('There is no camera.')));
    expect(seen.trouble).toBe('There is no camera.');
  });

  it('stop when the pane closes, even while the camera is still asked for', async () => {
    const { loop, seen } = loopOf(answered);
    const { frames, made } = source(5);
    await loop.play(async () => {
      loop.end();
      return frames;
    });
    expect(made).toMatchObject({ disposed: true, asked: 0 });
    expect(seen.frames).toEqual([]);
  });
});

describe('the rate of frames', () => {
  it('is over the last two seconds', () => {
    const rate = new Rate();
    expect(rate.count(0)).toBe(0);
    for (let at = 100; at <= 1000; at += 100) rate.count(at);
    expect(rate.count(1100)).toBeCloseTo(10);
    for (let at = 2100; at <= 9100; at += 1000) rate.count(at);
    expect(rate.count(10_100)).toBeCloseTo(1);
  });
});

describe('the sheet of channels', () => {
  it('has the columns that make tiles largest', () => {
    const frame = { units: 12, width: 9, height: 9 };
    expect(sheetOf(frame, { width: 400, height: 300 })).toMatchObject({ columns: 4, width: 39, height: 29 });
    expect(sheetOf(frame, { width: 1200, height: 100 }).columns).toBe(12);
    expect(sheetOf(frame, { width: 10, height: 900 }).columns).toBe(1);
  });

  it.each([
    [96, 111, 500, 640],
    [1000, 15, 300, 200],
    [512, 13, 900, 700],
  ])('%i tiles of %i values in %i×%i pixels stay apart, a pixel or more', (units, side, width, height) => {
    const { gap, scale, columns } = sheetOf({ units, width: side, height: side }, { width, height });
    expect(gap * scale).toBeGreaterThan(0.9);
    expect((columns * (side + gap) - gap) * scale).toBeLessThanOrEqual(width + 1e-9);
  });
});

describe('no camera', () => {
  it('is said with the reason, and with what to do instead', () => {
    const trouble = (name: string) => cameraTrouble(new DOMException('', name));
    expect(trouble('NotFoundError')).toBe('There is no camera. Choose a folder of frames or a film instead.');
    expect(trouble('NotAllowedError')).toContain('does not hand out the camera');
    expect(cameraTrouble(new TypeError('no mediaDevices'))).toContain('does not hand out the camera');
  });
});

describe('pairs of units', () => {
  it('come with the most changed first, or by number', () => {
    const tile = (norm: number) => ({ unit: 0, label: '', min: 0, max: 0, mean: 0, norm });
    expect(orderPairs([tile(1), tile(3), tile(1)], 'most changed first')).toEqual([1, 0, 2]);
    expect(orderPairs([tile(1), tile(3)], 'by number')).toEqual([0, 1]);
  });

  it('are coloured about zero, even where they are equal', () => {
    const tile = (min: number, max: number) => ({ unit: 0, label: '', min, max, mean: 0, norm: 0 });
    expect(sharedRange([tile(-3, 1), tile(0, 2)], true)).toEqual([-3, 3]);
    expect(sharedRange([tile(0, 0)], true)).toEqual([-1, 1]);
  });
});
