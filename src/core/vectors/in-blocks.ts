import { BYTES, inFours, workspace } from './memory.ts';

/** Float32 of a block. Of the few vectors that a loop takes, blocks stay in a core's nearest caches. */
const BLOCK = 4096;

/** How many float32, a multiple of four, and where each vector's are, in bytes: those that are changed first. */
type Place = [count: number, ...addresses: number[]];

interface Vectors {
  /** All of one size; only these are written. */
  readonly changed: readonly Float32Array[];
  readonly read?: readonly Float32Array[];
  /** What is read behind their end. */
  readonly rest?: number;
}

/**
 * Works on vectors where kernels can, a block of each at a time: copied there, worked on, what is changed copied back.
 *
 * @returns the sum of what `work` returns
 */
export function inBlocks({ changed, read = [], rest = 0 }: Vectors, work: (...place: Place) => number | void): number {
  const all = [...changed, ...read];
  const size = all[0]!.length;
  const { space, starts } = workspace(...all.map(() => BLOCK));
  const addresses = starts.map((start) => start * BYTES);
  let sum = 0;
  for (let start = 0; start < size; start += BLOCK) {
    const count = Math.min(BLOCK, size - start);
    const whole = inFours(count);
    for (let i = 0; i < all.length; i++) {
      space.set(all[i]!.subarray(start, start + count), starts[i]!);
      if (whole > count) space.fill(rest, starts[i]! + count, starts[i]! + whole);
    }
    sum += work(whole, ...addresses) ?? 0;
    for (let i = 0; i < changed.length; i++) changed[i]!.set(space.subarray(starts[i]!, starts[i]! + count), start);
  }
  return sum;
}
