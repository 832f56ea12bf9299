import { cancelledError } from '../errors.ts';
import { batches, answer, planStimuli, startBatch, WAKING } from './stimulus-plan.ts';
import { stimulusParameters } from './stimulus-parameters.ts';
import { stimuliOf, stimuliResult, type Stimulus } from './stimuli.ts';
import { visualizer } from './visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 250;

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
  needs: ['layer', 'unit?'],
  params: stimulusParameters,
  async *run(context) {
    const { params, signal } = context;
    const plan = planStimuli(context);
    const total = plan.units.length * params.steps;
    const finished: Stimulus[] = [];
    let shown = -Infinity;
    for (const units of batches(plan)) {
      const batch = startBatch(plan, units);
      const before = finished.length * params.steps;
      let objective: readonly number[] = [];
      let steps = 0;
      while (steps < params.steps && !signal.aborted) {
        batch.paint();
        batch.look();
        const asleep = objective.some((value) => value === 0);
        const rule = steps < params.redirect * (asleep ? LONGER : 1) ? WAKING : undefined;
        const seen = await answer(plan, units, batch.seen, plan.window, rule);
        batch.climb(seen.gradient);
        objective = seen.values;
        steps++;
        if (steps === params.steps || signal.aborted) break;
        const done = before + steps * units.length;
        if (performance.now() - shown < BETWEEN_PICTURES) yield { done, total };
        else {
          yield {
            done,
            total,
            result: stimuliResult(plan, [...finished, ...stimuliOf(batch, units, { steps, objective })]),
          };
          shown = performance.now();
        }
      }
      if (steps === 0) throw cancelledError();
      batch.paint();
      const { values } = await answer(plan, units, batch.inputs(), plan.size);
      finished.push(...stimuliOf(batch, units, { steps, objective, activation: values }));
      yield { done: before + steps * units.length, total, result: stimuliResult(plan, finished) };
      if (signal.aborted) return;
    }
  },
});
