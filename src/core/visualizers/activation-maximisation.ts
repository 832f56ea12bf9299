import { cancelledError } from '../errors.ts';
import { Climb } from './climb.ts';
import { batches, planStimuli } from './stimulus-plan.ts';
import { stimulusParameters } from './stimulus-parameters.ts';
import { stimuliResult, type Stimulus } from './stimuli.ts';
import { visualizer, type Unit } from './visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 250;

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
  async *run(context) {
    const { params, signal, session } = context;
    const plan = planStimuli(context);
    const total = plan.units.length * params.steps;
    const finished: Stimulus[] = [];
    let shown = -Infinity;
    let left = false;
    try {
      for (const units of batches(plan)) {
        const climbs = inLanes(units, session.engine.lanes ?? 1).map(
          (own, lane, all) => new Climb(plan, own, all.length > 1 ? lane : undefined),
        );
        const before = finished.length * params.steps;
        const done = () => climbs.reduce((sum, climb) => sum + climb.done, before);
        const now = () => stimuliResult(plan, [...finished, ...climbs.flatMap((climb) => climb.stimuli())]);
        const steps = new Signal();
        const stopped = () => signal.aborted || left;
        const runs = climbs.map((climb) => climb.run(params.steps, stopped, () => steps.give()));
        const over = Promise.all(runs).then(() => true);
        while (!(await Promise.race([over, steps.next()]))) {
          if (performance.now() - shown < BETWEEN_PICTURES) yield { done: done(), total };
          else {
            yield { done: done(), total, result: now() };
            shown = performance.now();
          }
        }
        if (done() === before) throw cancelledError();
        finished.push(...climbs.flatMap((climb) => climb.stimuli()));
        yield { done: done(), total, result: stimuliResult(plan, finished) };
        if (signal.aborted) return;
      }
    } finally {
      left = true;
    }
  },
});

/** Units for each lane, shared evenly, in their order. */
function inLanes(units: readonly Unit[], lanes: number): Unit[][] {
  const count = Math.min(lanes, units.length);
  const end = (i: number) => Math.ceil((i * units.length) / count);
  return Array.from({ length: count }, (_, i) => units.slice(end(i), end(i + 1)));
}

/** Wakes who waits for the next event; several events before that are one. */
class Signal {
  #waiting: (() => void) | undefined;
  #given = false;

  give(): void {
    this.#given = true;
    this.#waiting?.();
  }

  async next(): Promise<false> {
    if (!this.#given) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#given = false;
    return false;
  }
}
