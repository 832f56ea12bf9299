import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complex, PictureTransform, type Complex } from '../../../src/core/optimization/fft.ts';
import { random } from '../../../src/core/optimization/random.ts';

const sizes = fc.record({ height: fc.integer({ min: 1, max: 30 }), width: fc.integer({ min: 1, max: 30 }) });

function noise(size: number): Complex {
  const numbers = random(size);
  const made = complex(size);
  for (let i = 0; i < size; i++) [made.re[i], made.im[i]] = [numbers.normal(), numbers.normal()];
  return made;
}

const copy = ({ re, im }: Complex): Complex => ({ re: re.slice(), im: im.slice() });

/** F(ky, kx) = Σ f(y, x) e^{−2πi(ky·y/h + kx·x/w)}, as it is written. */
function naive({ re, im }: Complex, height: number, width: number, ky: number, kx: number): [number, number] {
  let [real, imaginary] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const angle = -2 * Math.PI * ((ky * y) / height + (kx * x) / width);
      const i = y * width + x;
      real += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
      imaginary += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
    }
  return [real, imaginary];
}

describe('PictureTransform', () => {
  it('is the discrete Fourier transform at any size', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), ({ height, width }, a, b) => {
        const picture = noise(height * width);
        const spectrum = copy(picture);
        new PictureTransform(height, width).forward(spectrum);
        const [ky, kx] = [a % height, b % width];
        const [real, imaginary] = naive(picture, height, width, ky, kx);
        expect(spectrum.re[kx * height + ky]).toBeCloseTo(real, 9);
        expect(spectrum.im[kx * height + ky]).toBeCloseTo(imaginary, 9);
      }),
    );
  });
});
