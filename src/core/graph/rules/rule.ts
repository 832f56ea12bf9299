import type { GradientFunction } from '../operator.ts';

/** How the backward pass treats some operators; all others keep their gradient. Data, not a copy of the engine. */
export interface BackwardRule {
  /** With the parameters that differ from their defaults: equal names, equal rules. */
  readonly name: string;
  readonly gradients: Readonly<Record<string, GradientFunction>>;
  /**
   * What the backward pass starts with, for each image: `one` (default), or the objective's own value. Rules that share a
   * score out among what made it (LRP) start with the score; DeconvNet may, as a reconstruction of the unit's answer.
   */
  readonly seed?: Seed;
}

export type Seed = 'one' | 'value';

/** The derivative as it is. */
export const gradientRule: BackwardRule = { name: 'gradient', gradients: {} };
