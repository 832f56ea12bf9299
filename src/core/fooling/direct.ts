import type { Encoding } from './encoding.ts';
import { mutated } from './polynomial.ts';

/** Share of the values that change at first, and the generations after which it is halved, and halved again. */
interface Rate {
  readonly rate: number;
  readonly halving: number;
}

/**
 * Direct encoding: each pixel's value is a gene, a byte. At the start uniform noise; each gene is mutated with the chance `rate`, by a
 * polynomial step (Nguyen 2015, §2.3).
 */
export const direct = (size: number, { rate, halving }: Rate): Encoding<Uint8ClampedArray> => ({
  first: (random) => new Uint8ClampedArray(size).map(() => Math.floor(256 * random.uniform())),
  offspring(parent, _, generation, random) {
    const genome = parent.slice();
    const chance = rate / 2 ** Math.floor((generation - 1) / halving);
    // From one mutated gene to the next: a geometric distribution, in place of a draw for each gene.
    const keep = Math.log1p(-chance);
    const skip = () => (chance >= 1 ? 0 : Math.floor(Math.log(1 - random.uniform()) / keep));
    for (let i = skip(); i < size; i += 1 + skip()) genome[i] = mutated(genome[i]!, random.uniform(), 0, 255);
    return genome;
  },
  paint(genome, picture) {
    for (let i = 0; i < size; i++) picture[i] = genome[i]! / 255;
  },
});
