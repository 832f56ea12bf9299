import { complex, PictureTransform, type Complex } from '../fft.ts';

interface FourierOptions {
  /** How fast weights fall with the frequency f: 1/f^decay; 1 is that of natural pictures. */
  readonly decay: number;
}

/**
 * Planes (colour channels) of an image as their spectrum, scaled so that a step of one size changes all frequencies by as much
 * as they matter in natural pictures: plane = Re F⁻¹(spectrum · √(wh) / max(f, 1/max(w,h))^decay) / 4, F⁻¹ divided by wh.
 * Lucid's `fft_image` (Olah, Mordvintsev & Schubert 2017, "Preconditioning and parameterization"; optvis/param/spatial.py).
 *
 * The parameters of a plane: kx by kx (0 to w/2), ky by ky, real parts, then in the same order imaginary parts.
 */
export class FourierImage {
  /** Parameters of one plane. */
  readonly size: number;
  readonly #frequencies: number;
  readonly #transform: PictureTransform;
  /** By frequency, half of what a parameter counts for in the full spectrum, where it stands twice. */
  readonly #weights: Float64Array;
  /** By parameter: where the frequency opposite to its own stands in the full spectrum; its own stands where it does. */
  readonly #opposite: Int32Array;
  readonly #work: Complex;

  /** Height and width in pixels: even ones without prime factors above 3 are quick (`quickSize`). */
  constructor(
    readonly height: number,
    readonly width: number,
    { decay }: FourierOptions,
  ) {
    this.#frequencies = (Math.floor(width / 2) + 1) * height;
    this.size = 2 * this.#frequencies;
    this.#transform = new PictureTransform(height, width);
    this.#work = complex(height * width);
    this.#weights = weights(height, width, decay);
    this.#opposite = Int32Array.from({ length: this.#frequencies }, (_, k) => {
      const kx = Math.floor(k / height);
      return ((width - kx) % width) * height + ((height - (k % height)) % height);
    });
  }

  /** Writes up to two planes (height × width) from their parameters: two real pictures are one complex one. */
  paint(parameters: readonly Float32Array[], planes: readonly Float32Array[]): void {
    const { re, im } = this.#work;
    re.fill(0);
    im.fill(0);
    const weights = this.#weights;
    const count = this.#frequencies;
    const [a, b = ZEROS(this.size)] = parameters as [Float32Array, Float32Array?];
    const opposite = this.#opposite;
    for (let k = 0; k < count; k++) {
      const w = weights[k]!;
      const ar = w * a[k]!;
      const ai = w * a[count + k]!;
      const br = w * b[k]!;
      const bi = w * b[count + k]!;
      const there = opposite[k]!;
      re[k]! += ar - bi;
      im[k]! += ai + br;
      re[there]! += ar + bi;
      im[there]! += br - ai;
    }
    this.#transform.inverse(this.#work);
    planes[0]!.set(re);
    planes[1]?.set(im);
  }

  /** The adjoint of `paint`: from gradients with respect to planes to those with respect to parameters. */
  gradient(planes: readonly Float32Array[], parameters: readonly Float32Array[]): void {
    const { re, im } = this.#work;
    re.set(planes[0]!);
    if (planes[1]) im.set(planes[1]);
    else im.fill(0);
    this.#transform.forward(this.#work);
    const weights = this.#weights;
    const count = this.#frequencies;
    const [a, b] = parameters as [Float32Array, Float32Array?];
    const opposite = this.#opposite;
    for (let k = 0; k < count; k++) {
      const w = weights[k]!;
      const there = opposite[k]!;
      a[k] = w * (re[k]! + re[there]!);
      a[count + k] = w * (im[k]! - im[there]!);
      if (!b) continue;
      b[k] = w * (im[k]! + im[there]!);
      b[count + k] = w * (re[there]! - re[k]!);
    }
  }

  /** The parameters of a plane: the inverse of `paint`. */
  analyse(plane: Float32Array, parameters: Float32Array): void {
    this.gradient([plane], [parameters]);
    const count = this.#frequencies;
    for (let k = 0; k < count; k++) {
      const kx = Math.floor(k / this.height);
      // A column that is its own mirror image has each frequency twice among the parameters.
      const shared = kx === 0 || 2 * kx === this.width ? 2 : 1;
      const factor = 2 * shared * this.#weights[k]! ** 2 * this.height * this.width;
      parameters[k]! /= factor;
      parameters[count + k]! /= factor;
    }
  }
}

const zeros = new Map<number, Float32Array>();
const ZEROS = (size: number) => zeros.get(size) ?? zeros.set(size, new Float32Array(size)).get(size)!;

function weights(height: number, width: number, decay: number): Float64Array {
  const lowest = 1 / Math.max(height, width);
  const values: number[] = [];
  for (let kx = 0; kx <= width >> 1; kx++) {
    // The first column, and the last of an even width, are their own mirror images.
    const twice = kx > 0 && 2 * kx < width ? 2 : 1;
    for (let ky = 0; ky < height; ky++) {
      const frequency = Math.hypot(kx / width, Math.min(ky, height - ky) / height);
      values.push(twice / (2 * Math.max(frequency, lowest) ** decay * 4 * Math.sqrt(height * width)));
    }
  }
  return Float64Array.from(values);
}

/** The smallest even size from `size` on whose transform is quick: no prime factors but 2 and 3. */
export function quickSize(size: number): number {
  for (let candidate = size + (size % 2); ; candidate += 2) {
    let left = candidate;
    while (left % 2 === 0) left /= 2;
    while (left % 3 === 0) left /= 3;
    if (left === 1) return candidate;
  }
}
