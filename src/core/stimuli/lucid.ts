import { redirectedReluRule } from '../graph/rules/index.ts';
import { Adam } from '../optimization/optimizers/adam.ts';
import { FourierPicture } from '../optimization/parametrisations/fourier-picture.ts';
import type { ValuesOf } from '../visualizers/parameters.ts';
import type { stimulusParameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import { startFrom } from './starts.ts';

/** Units that are still silent get this many times the steps with the gradient through shut rectifiers. */
const LONGER = 8;

/** Lucid's recipe: Fourier parameters, decorrelated colours, transforms, Adam (Olah, Mordvintsev & Schubert 2017). */
export const lucid = (params: ValuesOf<typeof stimulusParameters>): Recipe => ({
  steps: params.steps,
  size: params.size,
  transforms: params,
  way({ channels, size: [height, width] }) {
    const parametrisation = new FourierPicture({ channels, height, width, decay: params.decay });
    return { parametrisation, optimizer: new Adam(parametrisation.size, { rate: params.rate }) };
  },
  start: (parametrisation, frame, random) => startFrom(params.start, parametrisation, frame, { sd: params.sd, random }),
  rule: (step, silent) => (step < params.redirect * (silent ? LONGER : 1) ? redirectedReluRule : undefined),
});
