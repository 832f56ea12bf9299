/**
 * What is left of a rate at a step (from 0) when it falls to nothing over so many, along half a cosine: what steps of one size leave about
 * a maximum settles (Loshchilov & Hutter 2017, SGDR, §3). All of it where no number is given.
 */
export const annealed = (step: number, over = Infinity): number =>
  (1 + Math.cos(Math.PI * Math.min(1, step / over))) / 2;
