import { inBlocks } from './in-blocks.ts';
import { kernels } from './memory.ts';

/** Σ |value| */
export function sumOfMagnitudes(values: Float32Array): number {
  const { sumOfMagnitudes: sum } = kernels();
  return inBlocks({ changed: [], read: [values] }, sum);
}

export const meanMagnitude = (values: Float32Array): number => sumOfMagnitudes(values) / values.length;

/** a · b */
export function dot(a: Float32Array, b: Float32Array): number {
  return inBlocks({ changed: [], read: [a, b] }, kernels().dot);
}

/** to = gain · from + offset, vectors of one size. */
export function scale(from: Float32Array, to: Float32Array, gain: number, offset = 0): void {
  const kernel = kernels().scale;
  inBlocks({ changed: [to], read: [from] }, (count, target, source) => kernel(count, target, source, gain, offset));
}

/** sum += factor · values */
export function addScaled(sum: Float32Array, values: Float32Array, factor: number): void {
  const kernel = kernels().addScaled;
  inBlocks({ changed: [sum], read: [values] }, (count, target, source) => kernel(count, target, source, factor));
}
