import { cancelledError } from '../errors.ts';
import type { Update } from '../visualizers/visualizer.ts';
import { batches } from './batches.ts';
import { Climb } from './climb.ts';
import { directionOf } from './direction.ts';
import { meantTensor } from './goal.ts';
import { Pace } from './pace.ts';
import { planStimuli, type StimulusContext, type Wanted } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { stimuliResult, type Stimulus } from './result.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 250;

/** Makes a recipe's pictures: batch after batch, each shared between the engine's lanes. Cancelled, it keeps what is there. */
export async function* stimuli(context: StimulusContext, recipe: Recipe): AsyncGenerator<Update, void, void> {
  const { signal, session } = context;
  const climbsDirection = recipe.choice?.objective === 'direction';
  const direction = climbsDirection ? await directionOf(context, meantTensor(context)) : undefined;
  const plan = planStimuli(context, recipe, direction);
  const total = plan.pictures.length * recipe.steps;
  const finished: Stimulus[] = [];
  const pace = new Pace(BETWEEN_PICTURES, 0);
  let left = false;
  try {
    for (const pictures of batches(plan)) {
      const climbs = inLanes(pictures, recipe.together ? 1 : (session.engine.lanes ?? 1)).map(
        (own, lane, all) => new Climb(plan, own, all.length > 1 ? lane : undefined),
      );
      const before = finished.length * recipe.steps;
      const done = () => climbs.reduce((sum, climb) => sum + climb.done, before);
      const now = () => stimuliResult(plan, [...finished, ...climbs.flatMap((climb) => climb.stimuli())]);
      const steps = new Signal();
      const stopped = () => signal.aborted || left;
      const runs = climbs.map((climb) => climb.run(stopped, () => steps.give()));
      const over = Promise.all(runs).then(() => true);
      while (!(await Promise.race([over, steps.next()]))) {
        const result = pace.picture(now);
        yield { done: done(), total, ...(result && { result }) };
      }
      if (done() === 0) throw cancelledError();
      finished.push(...climbs.flatMap((climb) => climb.stimuli()));
      const result = stimuliResult(plan, finished);
      const last = signal.aborted || finished.length === plan.pictures.length;
      const made = { ...plan, pictures: finished.map(({ wanted }) => wanted) };
      yield { done: done(), total, result: last && recipe.finish ? await recipe.finish(made, result) : result };
      if (signal.aborted) return;
    }
  } finally {
    left = true;
  }
}

/** Pictures for each lane, shared evenly, in their order. */
function inLanes(pictures: readonly Wanted[], lanes: number): Wanted[][] {
  const count = Math.min(lanes, pictures.length);
  const end = (i: number) => Math.ceil((i * pictures.length) / count);
  return Array.from({ length: count }, (_, i) => pictures.slice(end(i), end(i + 1)));
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
