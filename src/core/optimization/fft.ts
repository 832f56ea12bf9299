import { anyRadix, BUTTERFLIES, type Complex, type Stage } from './butterflies.ts';

export type { Complex };

export const complex = (size: number): Complex => ({ re: new Float64Array(size), im: new Float64Array(size) });

/**
 * The discrete Fourier transform of any length, X_k = Σ x_n e^{−2πikn/N}, of many signals at once: value n of signal b is at
 * n·count + b. Stockham's self-sorting form with mixed radices (Van Loan 1992, Computational Frameworks for the FFT, §1.7);
 * a prime factor above 3 costs its square.
 */
class LineTransform {
  readonly #stages: Stage[] = [];

  constructor(
    length: number,
    readonly count: number,
  ) {
    let left = length;
    for (const radix of radices(length)) {
      const rest = left / radix;
      const twiddles = new Float64Array(2 * (radix - 1) * rest);
      for (let p = 0; p < rest; p++)
        for (let j = 1; j < radix; j++) {
          const angle = (-2 * Math.PI * ((p * j) % left)) / left;
          twiddles[2 * (p * (radix - 1) + j - 1)] = Math.cos(angle);
          twiddles[2 * (p * (radix - 1) + j - 1) + 1] = Math.sin(angle);
        }
      this.#stages.push({ radix, rest, twiddles });
      left = rest;
    }
  }

  /** Transforms `from`; the other buffer is used up. Returns the one of the two that holds the result. */
  run(from: Complex, other: Complex): Complex {
    let [x, y] = [from, other];
    let block = this.count;
    for (const stage of this.#stages) {
      const butterfly = BUTTERFLIES[stage.radix] ?? anyRadix;
      butterfly(stage, block, x, y);
      [x, y] = [y, x];
      block *= stage.radix;
    }
    return x;
  }
}

/** Fours first, as they are the cheapest. */
function radices(length: number): number[] {
  const found: number[] = [];
  let left = length;
  for (let radix = 4; left > 1; radix = radix === 4 ? 2 : radix === 2 ? 3 : radix + 2)
    while (left % radix === 0) {
      found.push(radix);
      left /= radix;
    }
  return found;
}

/**
 * The two-dimensional transform of pictures of height × width (row-major). A spectrum lies column by column: frequency (ky, kx)
 * is at kx·height + ky.
 */
export class PictureTransform {
  readonly #rows: LineTransform;
  readonly #columns: LineTransform;
  readonly #buffer: Complex;

  constructor(
    readonly height: number,
    readonly width: number,
  ) {
    this.#columns = new LineTransform(height, width);
    this.#rows = new LineTransform(width, height);
    this.#buffer = complex(height * width);
  }

  /** In place: F(ky, kx) = Σ f(y, x) e^{−2πi(ky·y/height + kx·x/width)} */
  forward(picture: Complex): void {
    const done = this.#columns.run(picture, this.#buffer);
    const free = done === picture ? this.#buffer : picture;
    transpose(done.re, free.re, this.height, this.width);
    transpose(done.im, free.im, this.height, this.width);
    keep(this.#rows.run(free, done), picture);
  }
}

function keep(result: Complex, wanted: Complex): void {
  if (result === wanted) return;
  wanted.re.set(result.re);
  wanted.im.set(result.im);
}

function transpose(from: Float64Array, to: Float64Array, rows: number, columns: number): void {
  for (let r = 0; r < rows; r++) for (let c = 0, i = r * columns; c < columns; c++, i++) to[c * rows + r] = from[i]!;
}
