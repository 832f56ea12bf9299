import { describe, expect, it } from 'vitest';
import { relative } from '../../../src/core/optimization/penalties/relative.ts';

describe('penalties in the gradient’s size', () => {
  const slopes: number[] = [];
  const penalty = relative((slope) => {
    slopes.push(slope);
    return [() => 2 * slope, () => 1];
  });
  const see = (...gradient: number[]) => penalty(new Float32Array(gradient.length), Float32Array.from(gradient));

  it('take nothing off while there is none', () => {
    expect(see(0, 0)).toBe(0);
    expect(slopes).toEqual([]);
  });

  it('are told its mean magnitude over the last steps, and add up', () => {
    // .95 · 0 + 4 over .95 + 1
    expect(see(-3, 5)).toBeCloseTo((2 * 4) / 1.95 + 1, 6);
    // .95 · 4 + 1 over .95² + .95 + 1
    expect(see(1, -1)).toBeCloseTo((2 * 4.8) / 2.8525 + 1, 6);
  });

  it('forget what it was long ago', () => {
    for (let step = 0; step < 200; step++) see(10, 10);
    expect(slopes.at(-1)).toBeCloseTo(10, 3);
    for (let step = 0; step < 200; step++) see(0.1, -0.1);
    expect(slopes.at(-1)).toBeCloseTo(0.1, 3);
  });
});
