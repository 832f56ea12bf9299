import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';

/** Σ a_i c_i of each vector a with c, in double precision: all in one pass over c. */
export function products(vectors: readonly Float32Array[], c: Float32Array): number[] {
  const { dot } = kernels();
  const sums = vectors.map(() => 0);
  inBlocks({ changed: [], read: [c, ...vectors] }, (count, last, ...each) =>
    each.forEach((address, n) => (sums[n]! += dot(count, address, last))),
  );
  return sums;
}

/** Adds factor · vector of each to `sum`: all in one pass over it. */
export function addUp(sum: Float32Array, vectors: readonly Float32Array[], factors: readonly number[]): void {
  const { addScaled } = kernels();
  inBlocks({ changed: [sum], read: vectors }, (count, target, ...each) =>
    each.forEach((address, n) => addScaled(count, target, address, factors[n]!)),
  );
}
