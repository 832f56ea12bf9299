import { redirectedReluRule } from '../graph/rules/index.ts';
import { Adam } from '../optimization/optimizers/adam.ts';
import { FourierPicture } from '../optimization/parametrisations/fourier-picture.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { stimulusParameters } from '../stimuli/parameters.ts';
import { startFrom } from '../stimuli/starts.ts';
import { visualizer } from './visualizer.ts';

/** Units that are still silent get this many times the steps with the gradient through shut rectifiers. */
const LONGER = 8;

/**
 * The picture that a unit answers most strongly to, found by climbing: x = colours(F⁻¹(spectrum)), spectrum += Adam(∂a/∂spectrum),
 * where the network sees x shifted, scaled and turned at random. a: the mean over the map of a channel, one position, or a dense
 * unit. Arrays: `image`, N×C×H×W in the model's input units. Metrics: `objective` of the last step, `activation` of the picture
 * as it is, `steps`.
 */
export const activationMaximisation = visualizer({
  id: 'activation-maximisation',
  title: 'Activation maximisation',
  description: 'Pictures made from noise that a unit answers to as strongly as it can: what it looks for.',
  source: 'Olah, Mordvintsev & Schubert 2017, Feature Visualization (Lucid); Erhan, Bengio, Courville & Vincent 2009',
  question: 'Preferred stimuli',
  needs: ['layer', 'unit?'],
  params: stimulusParameters,
  run(context) {
    const { params } = context;
    return stimuli(context, {
      steps: params.steps,
      size: params.size,
      transforms: params,
      way({ channels, size: [height, width] }) {
        const parametrisation = new FourierPicture({ channels, height, width, decay: params.decay });
        return { parametrisation, optimizer: new Adam(parametrisation.size, { rate: params.rate }) };
      },
      start: (parametrisation, frame, random) =>
        startFrom(params.start, parametrisation, frame, { sd: params.sd, random }),
      rule: (step, silent) => (step < params.redirect * (silent ? LONGER : 1) ? redirectedReluRule : undefined),
    });
  },
});
