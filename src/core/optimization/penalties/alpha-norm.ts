import type { Penalty } from './penalty.ts';

/**
 * weight · Σ|x − centre|^α: α 2 is Simonyan's λ‖x‖², 6 keeps colours in range (Mahendran & Vedaldi 2015, §2.1).
 *
 * @param centre  by channel, 0..1
 */
export function alphaNorm(weight: number, alpha: number, centre: readonly number[]): Penalty {
  return (picture, gradient) => {
    const area = picture.length / centre.length;
    let sum = 0;
    for (let i = 0; i < picture.length; i++) {
      const difference = picture[i]! - centre[Math.floor(i / area)]!;
      const magnitude = Math.abs(difference);
      const power = magnitude ** (alpha - 1);
      sum += power * magnitude;
      gradient[i]! -= weight * alpha * power * Math.sign(difference);
    }
    return weight * sum;
  };
}
