import type { Penalty } from './penalty.ts';

/**
 * weight · Σ ((x_{y,x+1} − x_{y,x})² + (x_{y+1,x} − x_{y,x})²)^{β/2} over channels and pixels that have both neighbours:
 * Mahendran & Vedaldi 2015, §2.1. With β below 2 its gradient at even places is that of ε = 10⁻⁸ beneath the root.
 */
export function totalVariation(
  weight: number,
  beta: number,
  { height, width }: { readonly height: number; readonly width: number },
): Penalty {
  const area = height * width;
  return (picture, gradient) => {
    let sum = 0;
    for (let plane = 0; plane < picture.length; plane += area)
      for (let y = 0; y + 1 < height; y++)
        for (let x = 0, i = plane + y * width; x + 1 < width; x++, i++) {
          const across = picture[i + 1]! - picture[i]!;
          const down = picture[i + width]! - picture[i]!;
          const square = across * across + down * down + (beta < 2 ? EPSILON : 0);
          const power = beta === 2 ? square : square ** (beta / 2);
          sum += power;
          const slope = weight * beta * (square > 0 ? power / square : 0);
          gradient[i]! += slope * (across + down);
          gradient[i + 1]! -= slope * across;
          gradient[i + width]! -= slope * down;
        }
    return weight * sum;
  };
}

const EPSILON = 1e-8;
