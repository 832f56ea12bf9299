import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiledKernels } from '../../../scripts/kernels.ts';
import { areaAverage } from '../../../src/core/area-average.ts';
import { totalVariation } from '../../../src/core/optimization/penalties/total-variation.ts';
import { resample } from '../../../src/core/optimization/resample.ts';
import { inBlocks } from '../../../src/core/vectors/in-blocks.ts';
import { kernels } from '../../../src/core/vectors/memory.ts';
import { addScaled, meanMagnitude, scale, sumOfMagnitudes } from '../../../src/core/vectors/vectors.ts';
import { dot, normals } from '../../support/vectors.ts';

/** About the size of a block, and less than four. */
const SIZES = [1, 3, 4, 5, 4095, 4096, 4097, 9001];

it('src/core/vectors/compiled.ts is what `npm run kernels` makes of src/kernels', async () => {
  expect(await compiledKernels()).toBe(fs.readFileSync('src/core/vectors/compiled.ts', 'utf8'));
});

describe('vectors of any size', () => {
  it.each(SIZES)('%i: as plain loops have it, and nothing behind the end', (size) => {
    const [a, b] = [normals(size, 1), normals(size, 2)];
    const whole = new Float32Array(size + 2).fill(7);
    const part = whole.subarray(1, size + 1);
    scale(a, part, 2, 3);
    part.forEach((value, i) => expect(value).toBeCloseTo(2 * a[i]! + 3, 5));
    addScaled(part, b, -0.5);
    part.forEach((value, i) => expect(value).toBeCloseTo(2 * a[i]! + 3 - 0.5 * b[i]!, 5));
    expect([whole[0], whole.at(-1)]).toEqual([7, 7]);
    const magnitudes = a.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(sumOfMagnitudes(a)).toBeCloseTo(magnitudes, 8);
    expect(meanMagnitude(a)).toBeCloseTo(magnitudes / size, 8);
    expect(inBlocks({ changed: [], read: [a, b] }, kernels().dot)).toBeCloseTo(dot(a, b), 8);
  });

  it('sums in double precision', () => {
    const many = new Float32Array(1 << 20).fill(0.1);
    expect(sumOfMagnitudes(many)).toBeCloseTo(Math.fround(0.1) * many.length, 6);
  });
});

it('resample shrinks as areas do, along each axis by itself', () => {
  const size = fc.integer({ min: 1, max: 23 });
  fc.assert(
    fc.property(size, size, size, size, (height, width, rows, columns) => {
      const [to, from] = [[Math.min(rows, height), Math.min(columns, width)] as const, [height, width] as const];
      const plane = normals(height * width, 3);
      const expected = areaAverage(plane, 0, from, to);
      resample(plane, from, to).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    }),
  );
});

it('total variation of a plane of any size, and its gradient, as the sum says', () => {
  const side = fc.integer({ min: 1, max: 13 });
  fc.assert(
    fc.property(side, side, (height, width) => {
      const plane = normals(height * width, 5);
      const at = (y: number, x: number) => plane[y * width + x]!;
      const expected = new Float64Array(plane.length);
      let sum = 0;
      for (let y = 0; y + 1 < height; y++)
        for (let x = 0; x + 1 < width; x++) {
          const [across, down] = [at(y, x + 1) - at(y, x), at(y + 1, x) - at(y, x)];
          sum += across ** 2 + down ** 2;
          expected[y * width + x]! += 2 * (across + down);
          expected[y * width + x + 1]! -= 2 * across;
          expected[(y + 1) * width + x]! -= 2 * down;
        }
      const gradient = new Float32Array(plane.length);
      expect(totalVariation(1, 2, { height, width })(plane, gradient)).toBeCloseTo(sum, 4);
      gradient.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }),
  );
});
