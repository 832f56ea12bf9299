/** η of the papers' mutation: a change is of the order of 1/η of the range. */
const ETA = 15;

/**
 * How far a value that is mutated moves, as a share of its range, −1..1: small steps are likely, large ones possible. Density
 * (η + 1)/2 · (1 − |δ|)^η; its inverse distribution at `u`, uniform in 0..1. Deb 2001, Multi-Objective Optimization using
 * Evolutionary Algorithms, §4.3 (polynomial mutation).
 */
export const polynomialStep = (u: number, eta = ETA): number =>
  u < 0.5 ? (2 * u) ** (1 / (eta + 1)) - 1 : 1 - (2 * (1 - u)) ** (1 / (eta + 1));

/** A value moved by a polynomial step, and kept in its range. */
export const mutated = (value: number, u: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value + (high - low) * polynomialStep(u)));
