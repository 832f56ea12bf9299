import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paint, paintGradient } from '../../../src/core/optimization/parametrisations/draw.ts';
import { FourierPicture } from '../../../src/core/optimization/parametrisations/fourier-picture.ts';
import { runProgram } from '../../support/programs.ts';
import { dot, normals } from '../../support/vectors.ts';

/** numpy: irfft2(spectrum · √(wh) / max(f, 1/max(w,h)), s=(h, w)) / 4, with re = sin(1+3ky+7kx), im = cos(2+5ky+2kx). */
const LUCID = [
  {
    height: 4,
    width: 6,
    pixels: [
      0.095723, 0.489892, 0.294805, -0.106513, -0.303969, -0.114913, 0.809731, 0.653948, 0.147227, -1.005137, -1.471149,
      0.748598, 2.868761, 0.998633, 0.127916, -0.194337, -1.023149, 0.763554, 0.472619, 0.073394, 1.252098, 0.713202,
      -0.189691, 0.082281,
    ],
  },
  {
    height: 3,
    width: 5,
    pixels: [
      1.118887, 0.864296, 0.27865, -0.659581, -0.34098, 1.230575, 1.365463, 0.12416, -1.059504, -0.179026, 1.010812,
      -0.674984, 0.68471, -0.449762, 0.760038,
    ],
  },
];

async function painted(picture: FourierPicture, parameters: Float32Array): Promise<Float32Array> {
  const count = parameters.length / picture.size;
  const pictures = new Float32Array(count * picture.brush.picture.reduce((product, size) => product * size, 1));
  await paint(Array<FourierPicture>(count).fill(picture), { parameters, pictures }, runProgram);
  return pictures;
}

const logit = (value: number) => Math.log(value / (1 - value));

describe('FourierPicture', () => {
  it.each(LUCID)("draws what Lucid's fft_image draws, $height×$width", async ({ height, width, pixels }) => {
    const picture = new FourierPicture({ channels: 1, height, width, decay: 1 });
    const half = picture.size / 2;
    const parameters = new Float32Array(picture.size);
    for (let k = 0; k < half; k++) {
      const [kx, ky] = [Math.floor(k / height), k % height];
      parameters[k] = Math.sin(1 + 3 * ky + 7 * kx);
      parameters[half + k] = Math.cos(2 + 5 * ky + 2 * kx);
    }
    (await painted(picture, parameters)).forEach((value, i) => expect(logit(value)).toBeCloseTo(pixels[i]!, 4));
  });

  it('has its gradient, of several pictures at once, by finite differences', async () => {
    const sizes = fc.record({
      channels: fc.constantFrom(1, 2, 3),
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, at) => {
        const picture = new FourierPicture({ ...size, decay: 1 });
        const values = normals(2 * picture.size, 1).map((value) => 0.3 * value);
        const pictures = await painted(picture, values);
        const weights = normals(pictures.length, 2);
        const gradient = new Float32Array(values.length);
        const both = [picture, picture];
        await paintGradient(both, { parameters: gradient, pictures, gradient: weights }, runProgram);
        const k = at % values.length;
        const moved = async (step: number) =>
          dot(
            await painted(
              picture,
              values.map((value, i) => (i === k ? value + step : value)),
            ),
            weights,
          );
        const slope = ((await moved(0.02)) - (await moved(-0.02))) / 0.04;
        expect(Math.abs(slope - gradient[k]!)).toBeLessThan(2e-3 * Math.max(1, ...gradient.map(Math.abs)));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [3, 6, 8],
    [1, 5, 9],
    [2, 12, 7],
  ])('finds the parameters of a picture, %i×%i×%i, but for black and white', async (channels, height, width) => {
    const picture = new FourierPicture({ channels, height, width, decay: 1 });
    const wanted = normals(channels * height * width, 4).map((value) => 0.5 + 0.1 * value);
    const again = await painted(picture, picture.of(wanted));
    again.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 4));
    const blackAndWhite = wanted.map((_, i) => i % 2);
    const nearly = await painted(picture, picture.of(blackAndWhite));
    nearly.forEach((value, i) => expect(value).toBeCloseTo(i % 2, 2));
  });

  it('weighs fine detail less the larger the decay', async () => {
    const roughness = async (decay: number) => {
      const picture = new FourierPicture({ channels: 1, height: 32, width: 32, decay });
      const plane = (
        await painted(
          picture,
          normals(picture.size, 3).map((value) => 0.1 * value),
        )
      ).map(logit);
      const steps = plane.subarray(1).reduce((sum, value, i) => sum + (value - plane[i]!) ** 2, 0);
      return steps / dot(plane, plane);
    };
    expect(await roughness(0)).toBeGreaterThan(2 * (await roughness(1)));
    expect(await roughness(1)).toBeGreaterThan(2 * (await roughness(2)));
  });

  it('brings colours together as they are in pictures: brightness varies most, and red, green and blue with it', async () => {
    const picture = new FourierPicture({ channels: 3, height: 48, width: 48, decay: 0 });
    const drawn = await painted(
      picture,
      normals(picture.size, 2).map((value) => 0.3 * value),
    );
    const plane = (c: number) => Array.from(drawn.subarray(c * 2304, (c + 1) * 2304), logit);
    // Of M·Mᵀ with Lucid's matrix: .94 (red, green), .84 (red, blue), .95 (green, blue).
    expect(correlation(plane(0), plane(1))).toBeCloseTo(0.94, 1);
    expect(correlation(plane(0), plane(2))).toBeCloseTo(0.84, 1);
    expect(correlation(plane(1), plane(2))).toBeCloseTo(0.95, 1);
  });
});

function correlation(a: number[], b: number[]): number {
  const centred = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}
