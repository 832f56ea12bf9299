import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/core/cam/interpolate.ts';

describe('a small map at the size of the image', () => {
  it('is interpolated between the centres of its pixels', () => {
    // torch.nn.functional.interpolate(torch.tensor([[[[0., 4.], [8., 16.]]]]), (3, 4), mode='bilinear')
    const expected = [0, 1, 3, 4, 4, 5.5, 8.5, 10, 8, 10, 14, 16];
    const map = interpolate(Float32Array.of(0, 4, 8, 16), [2, 2], [3, 4], 'bilinear');
    map.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(map).toHaveLength(12);
  });

  it('takes the pixel in which it lies', () => {
    // torch.nn.functional.interpolate(torch.tensor([[[[1., 2., 3.]]]]), (2, 5))
    expect([...interpolate(Float32Array.of(1, 2, 3), [1, 3], [2, 5], 'nearest')]).toEqual([
      1, 1, 2, 2, 3, 1, 1, 2, 2, 3,
    ]);
  });

  it.each(['bilinear', 'nearest'] as const)('of its own size stays the same (%s)', (how) => {
    const map = Float32Array.of(3, 1, 4, 1, 5, 9);
    expect(interpolate(map, [2, 3], [2, 3], how)).toEqual(map);
  });
});
