import type { Random } from '../optimization/random.ts';

/** How pictures are written as what evolves (Nguyen 2015, §2.3). */
export interface Encoding<Genome> {
  /** One to begin with. */
  first(random: Random): Genome;
  /** A changed copy of a parent, in a generation counted from 1; `other` is a second parent for encodings that mix. */
  offspring(parent: Genome, other: Genome, generation: number, random: Random): Genome;
  /** Draws it: C×h×w, 0..1; red, green, blue, or grey. */
  paint(genome: Genome, picture: Float32Array): void;
}
