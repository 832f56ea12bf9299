import type { Activation } from './genome.ts';

/** What a node makes of a sum, in −1..1. */
export const ACTIVATE: Readonly<Record<Activation, (sum: number) => number>> = {
  sine: Math.sin,
  /** From −1 to 1. */
  sigmoid: (sum) => 2 / (1 + Math.exp(-sum)) - 1,
  Gaussian: (sum) => Math.exp(-sum * sum),
  linear: (sum) => Math.min(1, Math.max(-1, sum / 3)),
};
