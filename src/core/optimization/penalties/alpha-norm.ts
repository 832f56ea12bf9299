import type { Penalty } from './penalty.ts';

/**
 * weight · Σ|x − centre|^α: α 2 is Simonyan's λ‖x‖², 6 keeps colours in range (Mahendran & Vedaldi 2015, §2.1).
 *
 * @param centre  by channel, 0..1
 */
export function alphaNorm(weight: number, alpha: number, centre: readonly number[]): Penalty {
  return (picture, gradient) => {
    const area = picture.length / centre.length;
    const factor = weight * alpha;
    let sum = 0;
    for (let c = 0; c < centre.length; c++) {
      const middle = centre[c]!;
      for (let i = c * area; i < (c + 1) * area; i++) {
        const difference = picture[i]! - middle;
        const magnitude = Math.abs(difference);
        const power = raised(magnitude, alpha - 1);
        sum += power * magnitude;
        gradient[i]! -= difference < 0 ? -factor * power : factor * power;
      }
    }
    return weight * sum;
  };
}

/** base ** exponent; small whole exponents, which are usual, several times faster. */
function raised(base: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return base ** exponent;
  let power = 1;
  for (let n = 0; n < exponent; n++) power *= base;
  return power;
}
