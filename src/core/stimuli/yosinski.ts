import type { Random } from '../optimization/random.ts';

/** One of Yosinski's combinations of priors. */
export interface Priors {
  /** Taken off each step: (1 − decay) x. */
  readonly decay: number;
  /** Standard deviation of the blur in pixels, each `every` steps. */
  readonly blur: number;
  readonly every: number;
  /** Percentile of pixels' norms below which they become zero. */
  readonly norm: number;
  /** Percentile of pixels' contributions below which they become zero. */
  readonly contribution: number;
  readonly steps: number;
}

/** The four of Yosinski et al. 2015, Table 1, found by a random search there; for pictures with levels from 0 to 255. */
export const YOSINSKI: Readonly<Record<'edges' | 'sparse' | 'smooth' | 'contribution', Priors>> = {
  edges: { decay: 0, blur: 0.5, every: 4, norm: 50, contribution: 0, steps: 500 },
  sparse: { decay: 0.3, blur: 0, every: 1, norm: 20, contribution: 0, steps: 750 },
  smooth: { decay: 1e-4, blur: 1, every: 4, norm: 0, contribution: 0, steps: 1000 },
  contribution: { decay: 0, blur: 0.5, every: 4, norm: 0, contribution: 90, steps: 1000 },
};

/** Steps of each setting of a search: enough to choose by. */
const SEARCH_STEPS = 300;

/** Two digits, as they are shown: a setting can be chosen by what its picture says. */
const rounded = (value: number) => Number(value.toPrecision(2));

/** Random settings, each prior there in half of them, drawn from the range of the paper's four. */
export function searched(count: number, { uniform }: Random): Priors[] {
  const often = (draw: () => number) => (uniform() < 0.5 ? rounded(draw()) : 0);
  return Array.from({ length: count }, () => ({
    decay: often(() => 10 ** (-4 + 3.5 * uniform())),
    blur: often(() => 0.3 + 0.9 * uniform()),
    every: 1 + Math.floor(8 * uniform()),
    norm: often(() => 80 * uniform()),
    contribution: often(() => 95 * uniform()),
    steps: SEARCH_STEPS,
  }));
}

/** What is there of the priors, for a person: `decay 0.3, norm 20 %`. */
export function describePriors({ decay, blur, every, norm, contribution }: Priors): string {
  const parts = [
    decay > 0 && `decay ${rounded(decay)}`,
    blur > 0 && `blur ${rounded(blur)} each ${every}`,
    norm > 0 && `norm ${rounded(norm)} %`,
    contribution > 0 && `contribution ${rounded(contribution)} %`,
  ].filter((part) => part !== false);
  return parts.join(', ') || 'no priors';
}
