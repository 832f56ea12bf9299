import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/optimization/random.ts';

const first = (seed: number, stream: number) => {
  const numbers = random(seed, stream);
  return Array.from({ length: 8 }, () => numbers.uniform());
};

describe('random', () => {
  it('gives the same numbers for the same seed and stream, others for others', () => {
    expect(first(1, 2)).toEqual(first(1, 2));
    const beginnings = [first(0, 0), first(0, 1), first(1, 0), first(2 ** 32, 0), first(2 ** 40 + 1, 0)];
    expect(new Set(beginnings.flat()).size).toBe(beginnings.flat().length);
  });

  it('is normal: mean 0, deviation 1, as many values within one and two deviations as there should be', () => {
    const numbers = random(5);
    const values = Array.from({ length: 100_000 }, () => numbers.normal());
    const share = (most: number) => values.filter((value) => Math.abs(value) < most).length / values.length;
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 1);
    expect(share(1)).toBeCloseTo(0.6827, 2);
    expect(share(2)).toBeCloseTo(0.9545, 2);
  });

  it('draws whole numbers alike, both ends among them', () => {
    const numbers = random(3);
    const counts = new Map<number, number>();
    for (let i = 0; i < 11_000; i++) {
      const drawn = numbers.upTo(10);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(850);
  });

  it('draws the same for neighbouring streams no more often than by chance', () => {
    const [a, b] = [random(0, 4), random(0, 5)];
    let product = 0;
    for (let i = 0; i < 10_000; i++) product += a.normal() * b.normal();
    expect(Math.abs(product / 10_000)).toBeLessThan(0.05);
  });

  it('gives many normal numbers as it gives them one by one, whatever was drawn before', () => {
    const [many, single] = [random(9), random(9)];
    for (const count of [1, 300, 0, 7, 64]) {
      expect(many.uniform()).toBe(single.uniform());
      const found = new Float32Array(count);
      many.normals(found);
      expect([...found]).toEqual(Array.from({ length: count }, () => Math.fround(single.normal())));
    }
  });
});
