import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nth } from '../../../src/core/vectors/nth.ts';

it('nth is what stands there when they are sorted, with equal ones too', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), {
    minLength: 1,
    maxLength: 50,
  });
  fc.assert(
    fc.property(values, fc.nat(), (list, at) => {
      const [all, n] = [Float64Array.from(list), at % list.length];
      expect(nth(all.slice(), n)).toBe(all.slice().sort((a, b) => a - b)[n]);
    }),
  );
});

it('ends where values are no numbers', () => {
  expect(nth(Float32Array.of(NaN, 1, NaN), 1)).toEqual(expect.any(Number));
});
