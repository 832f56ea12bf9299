import { describe, expect, it } from 'vitest';
import { blurred } from '../../../src/core/images/blur.ts';

const gauss = (i: number, sigma: number) => Math.exp(-(i * i) / (2 * sigma * sigma));

describe('blurred', () => {
  it('makes of one point the Gaussian in both directions', () => {
    const size = 21;
    const point = new Float32Array(size * size);
    point[10 * size + 10] = 1;
    const found = blurred(point, size, size, 2);
    const sum = Array.from({ length: 13 }, (_, i) => gauss(i - 6, 2)).reduce((a, b) => a + b, 0);
    for (const [y, x] of [
      [10, 10],
      [10, 13],
      [7, 10],
      [12, 9],
      [16, 16],
    ] as const)
      expect(found[y * size + x]).toBeCloseTo((gauss(y - 10, 2) * gauss(x - 10, 2)) / (sum * sum), 7);
    expect(found[10 * size + 17]).toBe(0);
  });

  it('goes on at the border with the border’s values, plane by plane', () => {
    const planes = new Float32Array(2 * 12).fill(3);
    planes.fill(-1, 12);
    const found = blurred(planes, 4, 3, 5);
    found.forEach((value, i) => expect(value).toBeCloseTo(i < 12 ? 3 : -1, 5));
  });

  it('of width 0 changes nothing', () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i * i);
    expect(blurred(values, 4, 3, 0)).toEqual(values);
  });
});
