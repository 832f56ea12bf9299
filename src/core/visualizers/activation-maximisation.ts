import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { lucid } from '../stimuli/lucid.ts';
import { stimulusParameters, stimulusPresets } from '../stimuli/parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * The picture that a unit answers most strongly to, found by climbing: x = colours(F⁻¹(spectrum)), spectrum += Adam(∂a/∂spectrum),
 * where the network sees x shifted, scaled and turned at random. a: the mean over the map of a channel, one position, a dense
 * unit, or a class. Arrays: `image`, N×C×H×W in the model's input units. Metrics: `objective` of the last step, `activation` of the picture
 * as it is, `steps`.
 */
export const activationMaximisation = visualizer({
  id: 'activation-maximisation',
  title: 'Activation maximisation',
  description: 'Pictures made from noise that a unit answers to as strongly as it can: what it looks for.',
  source: 'Olah, Mordvintsev & Schubert 2017, Feature Visualization (Lucid); Erhan, Bengio, Courville & Vincent 2009',
  question: 'Preferred stimuli',
  needs: CLASS_OR_UNITS,
  wholeLayer: true,
  params: stimulusParameters,
  presets: stimulusPresets,
  run: (context) => stimuli(classOrUnits(context, 'activation-maximisation'), lucid(context.params)),
});
