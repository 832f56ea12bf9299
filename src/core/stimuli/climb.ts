import { Ascent } from '../optimization/ascent.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/viewer.ts';
import { answer, answers } from './answers.ts';
import type { StimulusPlan, Wanted } from './plan.ts';
import { programs } from './programs.ts';
import { stimuliOf, type Stimulus } from './result.ts';
import { startFrom } from './starts.ts';

/** Pictures that climb together; in a lane of their own beside those of other lanes. */
export class Climb {
  #steps = 0;
  /** The objective by step and picture. */
  readonly #history: number[][] = [];
  #activation: readonly number[] | undefined;
  readonly #ascent: Ascent;

  constructor(
    readonly plan: StimulusPlan,
    readonly pictures: readonly Wanted[],
    /** Without: in the calling thread, with all cores. */
    readonly lane?: number,
  ) {
    this.#ascent = startAscent(plan, pictures);
  }

  /** Steps that were done, over all pictures. */
  get done(): number {
    return this.#steps * this.pictures.length;
  }

  /** Climbs until all steps are done or `stopped` says so, and looks at what came out. `stepped` is called after each. */
  async run(stopped: () => boolean, stepped: () => void): Promise<void> {
    const ascent = this.#ascent;
    const { plan, pictures: wanted, lane } = this;
    const { steps, rule: ruleOf } = plan.recipe;
    const run = programs(plan.context.session, lane);
    let silent = wanted.map(() => true);
    let first: readonly number[] | undefined;
    while (this.#steps < steps && !stopped()) {
      await ascent.paint(run);
      ascent.look();
      const rules = silent.map((one) => ruleOf?.(this.#steps, one));
      const seen = await answers(plan, { wanted, pictures: ascent.seen, size: plan.window, lane }, rules);
      first ??= seen.values;
      silent = seen.values.map((value, n) => this.#steps > 0 && isSilent(value, first![n]!));
      this.#history.push(await ascent.climb(seen.gradient, seen.values, run));
      this.#steps++;
      if (this.#steps === steps || stopped()) break;
      stepped();
      await plan.context.gate?.passed();
    }
    if (this.#steps === 0) return;
    await ascent.paint(run);
    const { values } = await answer(plan, { wanted, pictures: ascent.inputs(), size: plan.size, alone: true, lane });
    this.#activation = values;
  }

  /** The pictures now; none before the first step. */
  stimuli(): Stimulus[] {
    if (this.#steps === 0) return [];
    return stimuliOf(this.#ascent, this.pictures, { history: this.#history, activation: this.#activation });
  }
}

/** A unit that answers nothing, or always the same, has no gradient. */
const isSilent = (value: number, first: number) =>
  value === 0 || Math.abs(value - first) <= UNCHANGED * Math.abs(first);

/** Of a value, what float32 may be off by. */
const UNCHANGED = 1e-6;

/** Pictures at their start. A picture's random numbers are its own, whatever else is in the batch. */
function startAscent({ context, recipe, frame, size, window, transforms }: StimulusPlan, pictures: readonly Wanted[]) {
  const ways = pictures.map(({ start }) => recipe.way(frame, start));
  const randoms = pictures.map(({ aim, start }) => random(context.seed + start * NEXT_START, aim.unit.channel));
  return new Ascent({
    ways,
    viewer: new Viewer(frame.channels, size, window),
    ...(transforms && { transforms }),
    preprocessing: context.session.description.input,
    starts: randoms.map((own, n) => {
      const { parametrisation } = ways[n]!;
      if (recipe.from === 'noise') return recipe.noise(parametrisation, frame, own);
      return startFrom(recipe.from, parametrisation, frame);
    }),
    randoms,
  });
}

/** Another start is another seed, far from those that people give. */
const NEXT_START = 2 ** 40;
