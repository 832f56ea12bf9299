import { BYTES, kernels, workspace } from '../../vectors/memory.ts';
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
  const size = { height, width, factor: weight * beta, beta };
  const add = beta === 2 ? addSquares : addAny;
  return (picture, gradient) => weight * add(picture, gradient, size);
}

interface Variation {
  readonly height: number;
  readonly width: number;
  /** Of the gradient. */
  readonly factor: number;
  readonly beta: number;
}

/** Takes the gradient off; returns the sum of powers. */
function addAny(picture: Float32Array, gradient: Float32Array, { height, width, factor, beta }: Variation): number {
  const area = height * width;
  let sum = 0;
  for (let plane = 0; plane < picture.length; plane += area)
    for (let y = 0; y + 1 < height; y++)
      for (let x = 0, i = plane + y * width; x + 1 < width; x++, i++) {
        const across = picture[i + 1]! - picture[i]!;
        const down = picture[i + width]! - picture[i]!;
        const square = across * across + down * down + (beta < 2 ? EPSILON : 0);
        const power = square ** (beta / 2);
        sum += power;
        const slope = factor * (square > 0 ? power / square : 0);
        gradient[i]! += slope * (across + down);
        gradient[i + 1]! -= slope * across;
        gradient[i + width]! -= slope * down;
      }
  return sum;
}

/** The same with β 2, where the slope is one for all. */
function addSquares(picture: Float32Array, gradient: Float32Array, { height, width, factor }: Variation): number {
  const area = height * width;
  const { squaredVariation } = kernels();
  const { space, starts } = workspace(area, area);
  const [plane, slope] = starts;
  let sum = 0;
  for (let start = 0; start < picture.length; start += area) {
    space.set(picture.subarray(start, start + area), plane);
    space.set(gradient.subarray(start, start + area), slope);
    sum += squaredVariation(plane * BYTES, slope * BYTES, height, width, factor);
    gradient.set(space.subarray(slope, slope + area), start);
  }
  return sum;
}

const EPSILON = 1e-8;
