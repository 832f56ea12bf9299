import { random } from '../../src/core/optimization/random.ts';

export const normals = (size: number, seed: number): Float32Array => {
  const numbers = random(seed, 77);
  return Float32Array.from({ length: size }, () => numbers.normal());
};

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
