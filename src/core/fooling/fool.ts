import { paced } from '../attribution/paced.ts';
import { cancelledError } from '../errors.ts';
import type { ModelInput } from '../model.ts';
import { random } from '../optimization/random.ts';
import type { Frame } from '../stimuli/recipe.ts';
import type { Context, Update } from '../visualizers/visualizer.ts';
import type { Elite } from './elites.ts';
import type { Encoding } from './encoding.ts';
import { inBytes, Judge } from './evaluate.ts';
import { evolve, type Evolved } from './evolve.ts';
import { foolingResult } from './result.ts';

interface Options {
  readonly classes: readonly number[];
  /** Generations, after the first pictures. */
  readonly steps: number;
  readonly offspring: number;
  readonly input: ModelInput;
  readonly frame: Frame;
}

/** Evolves a picture for each class. Cancelled, it keeps what is there; throws a cancelled error where nothing is. */
export async function* fooled<Genome>(
  { session, output, seed, signal }: Pick<Context, 'session' | 'output' | 'seed' | 'signal'>,
  encoding: Encoding<Genome>,
  { classes, steps: generations, offspring, input, frame }: Options,
): AsyncGenerator<Update, void, void> {
  const judge = new Judge(session, output, input, frame, (generations + 1) * offspring);
  const stopped = () => signal.aborted;
  const steps = evolve(encoding, judge, { classes, generations, offspring, random: random(seed), stopped });
  const painted = new Map<Elite<Genome>, Float32Array>();
  const draw = (elite: Elite<Genome>) => {
    const picture = new Float32Array(frame.channels * frame.area);
    encoding.paint(elite.genome, picture);
    inBytes(picture);
    return picture;
  };
  const picture = ({ elites, history }: Evolved<Genome>) => {
    const pictures = elites.map((elite) => painted.get(elite) ?? draw(elite));
    painted.clear();
    elites.forEach((elite, n) => painted.set(elite, pictures[n]!));
    const foolings = elites.map(({ confidence }, n) => {
      return { index: classes[n]!, confidence, picture: pictures[n]! };
    });
    return foolingResult(session, frame, foolings, history);
  };
  let last: Evolved<Genome> | undefined;
  async function* kept() {
    for await (last of steps) yield last;
    if (!last || last.elites.length === 0) throw cancelledError();
  }
  yield* paced(kept(), picture);
  if (signal.aborted && last) yield { done: last.done, total: last.total, result: picture(last) };
}
