import type { Prior } from '../optimization/priors/prior.ts';
import type { Frame } from '../stimuli/recipe.ts';

/** Keeps pixels, in byte levels about the mean colour, within what a file can hold: black to full. */
export const clip =
  ({ centre, area }: Frame): Prior =>
  (parameters) => {
    centre.forEach((middle, c) => {
      const [low, high] = [-255 * middle, 255 * (1 - middle)];
      for (let i = c * area; i < (c + 1) * area; i++) parameters[i] = Math.min(high, Math.max(low, parameters[i]!));
    });
  };
