import type { PictureBatch } from '../optimization/picture-batch.ts';
import { stimuliOf, type Stimulus } from './stimuli.ts';
import { answer, startBatch, WAKING, type StimulusPlan } from './stimulus-plan.ts';
import type { Unit } from './visualizer.ts';

/** Units that are still silent get this many times the steps with the gradient through shut rectifiers. */
const LONGER = 8;

/** Pictures of some units that climb together; in a lane of their own beside those of other lanes. */
export class Climb {
  #steps = 0;
  #objective: readonly number[] = [];
  #activation: readonly number[] | undefined;
  readonly #batch: PictureBatch;

  constructor(
    readonly plan: StimulusPlan,
    readonly units: readonly Unit[],
    /** Without: in the calling thread, with all cores. */
    readonly lane?: number,
  ) {
    this.#batch = startBatch(plan, units);
  }

  /** Steps that were done, over all units. */
  get done(): number {
    return this.#steps * this.units.length;
  }

  /** Climbs until `steps` steps are done or `stopped` says so, and looks at what came out. `stepped` is called after each. */
  async run(steps: number, stopped: () => boolean, stepped: () => void): Promise<void> {
    const batch = this.#batch;
    const { plan, units, lane } = this;
    const { redirect } = plan.context.params;
    while (this.#steps < steps && !stopped()) {
      batch.paint();
      batch.look();
      const asleep = this.#objective.some((value) => value === 0);
      const rule = this.#steps < redirect * (asleep ? LONGER : 1) ? WAKING : undefined;
      const seen = await answer(plan, { units, pictures: batch.seen, size: plan.window, rule, lane });
      batch.climb(seen.gradient);
      this.#objective = seen.values;
      this.#steps++;
      if (this.#steps < steps && !stopped()) stepped();
    }
    if (this.#steps === 0) return;
    batch.paint();
    const { values } = await answer(plan, { units, pictures: batch.inputs(), size: plan.size, lane });
    this.#activation = values;
  }

  /** The pictures now; none before the first step. */
  stimuli(): Stimulus[] {
    if (this.#steps === 0) return [];
    const state = { steps: this.#steps, objective: this.#objective };
    return stimuliOf(this.#batch, this.units, { ...state, ...(this.#activation && { activation: this.#activation }) });
  }
}
