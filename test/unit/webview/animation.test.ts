import { decode, decodeFrames } from 'modern-gif';
import { expect, it } from 'vitest';
import { framesOf, toGif } from '../../../src/webview/stimuli/animation.ts';
import { Reel } from '../../../src/webview/logic/reel.ts';
import type { Chosen } from '../../../src/webview/state/stimuli.svelte.ts';

const grey = (value: number, tiles = 1) => new Uint8Array(12 * tiles).fill(value);
const result = (rgb: Uint8Array) => ({ width: 2, height: 2, rgb, tiles: Array(rgb.length / 12).fill({}) });

it('the frames are the picture as it formed, the last one what it is', () => {
  const reel = new Reel();
  for (const value of [10, 20, 30]) reel.add(result(grey(value)) as never);
  const made = { result: result(grey(30)), reel, request: {} };
  expect(framesOf({ made, index: 0 } as unknown as Chosen).map(([first]) => first)).toEqual([10, 20, 30]);
});

it('a run that makes frames has those', () => {
  const rgb = Uint8Array.from([...grey(1), ...grey(2), ...grey(3)]);
  const made = { result: result(rgb), reel: new Reel(), request: { params: { frames: 3 } } };
  expect(framesOf({ made, index: 1 } as unknown as Chosen).map(([first]) => first)).toEqual([1, 2, 3]);
});

it('is a GIF of these frames, enlarged to be seen, the last one longer', async () => {
  const half = Uint8Array.from([255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255]);
  const gif = await toGif([grey(0), half], 2, 2);
  const { width, height, looped, frames } = decode(gif);
  expect([width, height, looped]).toEqual([224, 224, true]);
  expect(frames.map(({ delay }) => delay)).toEqual([100, 1500]);
  const { data } = decodeFrames(gif)[1]!;
  expect([...data.slice(0, 3), ...data.slice(4 * 223, 4 * 223 + 3)]).toEqual([255, 0, 0, 0, 0, 255]);
});
