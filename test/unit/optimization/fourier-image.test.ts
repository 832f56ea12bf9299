import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FourierImage, quickSize } from '../../../src/core/optimization/parametrisations/fourier-image.ts';
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

const sizes = fc.record({ height: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 1, max: 20 }) });

describe('FourierImage', () => {
  it.each(LUCID)("draws what Lucid's fft_image draws, $height×$width", ({ height, width, pixels }) => {
    const image = new FourierImage(height, width, { decay: 1 });
    const half = image.size / 2;
    const parameters = new Float32Array(image.size);
    for (let k = 0; k < half; k++) {
      const [kx, ky] = [Math.floor(k / height), k % height];
      parameters[k] = Math.sin(1 + 3 * ky + 7 * kx);
      parameters[half + k] = Math.cos(2 + 5 * ky + 2 * kx);
    }
    const plane = new Float32Array(height * width);
    image.paint([parameters], [plane]);
    plane.forEach((value, i) => expect(value).toBeCloseTo(pixels[i]!, 5));
  });

  it('has its adjoint as gradient, one plane or two at once', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ height, width }, two) => {
        const image = new FourierImage(height, width, { decay: 1 });
        const count = two ? 2 : 1;
        const make = (size: number, seed: number) => Array.from({ length: count }, (_, i) => normals(size, seed + i));
        const [x, y] = [make(image.size, 1), make(height * width, 5)];
        const [painted, back] = [make(height * width, 9), make(image.size, 9)];
        image.paint(x, painted);
        image.gradient(y, back);
        const one = painted.reduce((sum, plane, i) => sum + dot(plane, y[i]!), 0);
        const other = x.reduce((sum, parameters, i) => sum + dot(parameters, back[i]!), 0);
        expect(one - other).toBeCloseTo(0, 3);
      }),
    );
  });

  it('draws two planes as it draws each alone', () => {
    const image = new FourierImage(12, 10, { decay: 1 });
    const parameters = [normals(image.size, 1), normals(image.size, 2)];
    const [first, second, alone] = [0, 1, 2].map(() => new Float32Array(120)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    image.paint(parameters, [first, second]);
    image.paint([parameters[1]!], [alone]);
    second.forEach((value, i) => expect(value).toBeCloseTo(alone[i]!, 5));
    expect(first).not.toEqual(second);
  });

  it.each([
    [6, 8],
    [5, 9],
    [12, 7],
  ])('finds the parameters of a plane of %i×%i', (height, width) => {
    const image = new FourierImage(height, width, { decay: 1 });
    const plane = normals(height * width, 4);
    const parameters = new Float32Array(image.size);
    image.analyse(plane, parameters);
    const again = new Float32Array(height * width);
    image.paint([parameters], [again]);
    again.forEach((value, i) => expect(value).toBeCloseTo(plane[i]!, 5));
  });

  it('weighs fine detail less the larger the decay', () => {
    const roughness = (decay: number) => {
      const image = new FourierImage(32, 32, { decay });
      const plane = new Float32Array(1024);
      image.paint([normals(image.size, 3)], [plane]);
      const steps = plane.subarray(1).reduce((sum, value, i) => sum + (value - plane[i]!) ** 2, 0);
      return steps / dot(plane, plane);
    };
    expect(roughness(0)).toBeGreaterThan(2 * roughness(1));
    expect(roughness(1)).toBeGreaterThan(2 * roughness(2));
  });
});

it('quickSize: even, no prime factors but 2 and 3', () => {
  expect([1, 28, 60, 64, 65, 155, 227].map(quickSize)).toEqual([2, 32, 64, 64, 72, 162, 256]);
});
