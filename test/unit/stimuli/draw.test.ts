import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toByte } from '../../../src/core/images/preprocess.ts';
import { toRgb } from '../../../src/core/stimuli/draw.ts';

it('pictures as bytes are rounded and cut as single values are, planes interleaved', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -2, max: 3 }), { minLength: 3, maxLength: 3 }), (values) => {
      const picture = Float32Array.from([...values, 0, 0.5, 1]);
      const rgb = [0, 1].flatMap((i) => [0, 1, 2].map((c) => toByte(picture[c * 2 + i]!)));
      expect([...toRgb(picture, 2)]).toEqual(rgb);
      expect([...toRgb(picture, 6)]).toEqual([...picture].flatMap((value) => Array<number>(3).fill(toByte(value))));
    }),
  );
  const ends = Float32Array.of(NaN, -0, 1.0019, 255.49 / 255, 0.4999 / 255, 0.5 / 255);
  expect([...toRgb(ends, 2)]).toEqual([0, 2, 4, 1, 3, 5].map((i) => toByte(ends[i]!)));
});
