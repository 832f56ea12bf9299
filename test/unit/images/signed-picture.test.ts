import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { cut, extent } from '../../../src/core/images/cut.ts';
import { signedPicture } from '../../../src/core/images/signed-picture.ts';

const preprocessing = { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' } as const;

describe('signedPicture', () => {
  it('shows zero as grey and signs as brighter and darker, in the order of the channels', () => {
    const tensor = float32([2, 0, 0, -2, 0, 0], [1, 3, 1, 2]);
    expect([...signedPicture(tensor, preprocessing).rgb.subarray(0, 3)]).toEqual([255, 128, 128]);
    expect([...signedPicture(tensor, preprocessing).rgb.subarray(3)]).toEqual([128, 0, 128]);
    expect([...signedPicture(tensor, { ...preprocessing, channels: 'BGR' }).rgb.subarray(0, 3)]).toEqual([
      128, 128, 255,
    ]);
  });

  it('shows nothing as grey, one channel as grey tones', () => {
    expect([...signedPicture(float32([0, 0], [1, 1, 1, 2]), preprocessing).rgb]).toEqual(new Array(6).fill(128));
    expect([...signedPicture(float32([1, -1], [1, 1, 1, 2]), preprocessing).rgb]).toEqual([255, 255, 255, 0, 0, 0]);
  });
});

describe('extent', () => {
  it('holds all that is not zero, of all planes', () => {
    const a = new Float32Array(12);
    const b = new Float32Array(24);
    a[5] = 1; // y 1, x 1
    b[12 + 11] = -1; // second plane, y 2, x 3
    const box = extent([a, b], 4, 3)!;
    expect(box).toEqual({ x0: 1, y0: 1, x1: 4, y1: 3 });
    expect(extent([new Float32Array(12)], 4, 3)).toBeUndefined();
    const picture = { width: 4, height: 3, rgb: Uint8Array.from({ length: 36 }, (_, i) => i) };
    const part = cut(picture, box);
    expect([part.width, part.height]).toEqual([3, 2]);
    expect([...part.rgb.subarray(0, 3)]).toEqual([15, 16, 17]);
    expect([...part.rgb.subarray(-3)]).toEqual([33, 34, 35]);
  });
});
