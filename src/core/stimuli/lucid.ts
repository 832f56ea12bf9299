import { redirectedReluRule } from '../graph/rules/index.ts';
import { FourierPicture } from '../optimization/parametrisations/fourier-picture.ts';
import type { ValuesOf } from '../visualizers/parameters.ts';
import { optimizerOf } from './optimizer.ts';
import type { stimulusParameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import { noise } from './starts.ts';

/** Units that are still silent get this many times the steps with the gradient through shut rectifiers. */
const LONGER = 8;

/** Lucid's recipe: Fourier parameters, decorrelated colours, transforms, Adam (Olah, Mordvintsev & Schubert 2017). */
export const lucid = (params: ValuesOf<typeof stimulusParameters>): Recipe => ({
  steps: params.steps,
  size: params.size,
  choice: params,
  of: [params.of],
  transforms: () => params,
  way({ channels, size: [height, width] }) {
    const parametrisation = new FourierPicture({ channels, height, width, decay: params.decay });
    return { parametrisation, optimizer: optimizerOf(params.optimizer, parametrisation.size, params.rate) };
  },
  from: params.start,
  noise: ({ size }, _, random) => noise(size, params.sd, random),
  rule: (step, silent) => (step < params.redirect * (silent ? LONGER : 1) ? redirectedReluRule : undefined),
});
