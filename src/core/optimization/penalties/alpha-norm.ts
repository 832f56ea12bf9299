import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';
import type { Penalty } from './penalty.ts';

/**
 * weight · Σ|x − centre|^α: α 2 is Simonyan's λ‖x‖², 6 keeps colours in range (Mahendran & Vedaldi 2015, §2.1).
 *
 * @param centre  by channel, 0..1
 */
export function alphaNorm(weight: number, alpha: number, centre: readonly number[]): Penalty {
  const add = alpha % 2 === 0 ? addEven : addAny;
  return (picture, gradient) => {
    const area = picture.length / centre.length;
    const parts = centre.map((middle, c) => {
      const part = (all: Float32Array) => all.subarray(c * area, (c + 1) * area);
      return add(part(picture), part(gradient), { factor: weight * alpha, alpha, middle });
    });
    return weight * parts.reduce((sum, part) => sum + part, 0);
  };
}

interface Norm {
  /** Of the gradient. */
  readonly factor: number;
  readonly alpha: number;
  readonly middle: number;
}

/** Takes the gradient off; returns Σ|x − middle|^α. */
function addAny(picture: Float32Array, gradient: Float32Array, { factor, alpha, middle }: Norm): number {
  let sum = 0;
  for (let i = 0; i < picture.length; i++) {
    const difference = picture[i]! - middle;
    const magnitude = Math.abs(difference);
    const power = raised(magnitude, alpha - 1);
    sum += power * magnitude;
    gradient[i]! -= difference < 0 ? -factor * power : factor * power;
  }
  return sum;
}

/** The same of an even exponent, without a look at the sign: several times faster. */
function addEven(picture: Float32Array, gradient: Float32Array, { factor, alpha, middle }: Norm): number {
  const { evenNorm } = kernels();
  return inBlocks({ changed: [gradient], read: [picture], rest: middle }, (count, slope, values) =>
    evenNorm(count, slope, values, alpha / 2 - 1, factor, middle),
  );
}

/** base ** exponent; small whole exponents, which are usual, several times faster. */
function raised(base: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return base ** exponent;
  let power = 1;
  for (let n = 0; n < exponent; n++) power *= base;
  return power;
}
