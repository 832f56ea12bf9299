import { paced } from '../attribution/paced.ts';
import { cancelledError } from '../errors.ts';
import type { ModelInput } from '../model.ts';
import { random } from '../optimization/random.ts';
import { historyOf } from '../stimuli/history.ts';
import type { Frame } from '../stimuli/recipe.ts';
import type { Context, Update } from '../visualizers/visualizer.ts';
import type { Asked } from './asked.ts';
import type { Elite } from './elites.ts';
import type { Encoding } from './encoding.ts';
import { inBytes, Judge } from './evaluate.ts';
import { evolve, type Evolved } from './evolve.ts';
import { foolingResult } from './result.ts';

interface Options {
  readonly asked: Asked;
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
  { asked, steps: generations, offspring, input, frame }: Options,
): AsyncGenerator<Update, void, void> {
  const { classes, shown } = asked;
  const judge = new Judge(session, output, input, frame, (generations + 1) * offspring);
  const stopped = () => signal.aborted;
  const steps = evolve(encoding, judge, { classes, generations, offspring, random: random(seed), stopped });
  // Champions stay for many generations.
  const painted = new Map<Elite<Genome>, Float32Array>();
  const paint = (elite: Elite<Genome>) => {
    const picture = new Float32Array(frame.channels * frame.area);
    encoding.paint(elite.genome, picture);
    inBytes(picture);
    return picture;
  };
  const result = ({ elites, history }: Evolved<Genome>) => {
    const surest = [...elites.keys()].sort((a, b) => elites[b]!.confidence - elites[a]!.confidence || a - b);
    const places = surest.slice(0, shown).sort((a, b) => a - b);
    const pictures = places.map((n) => painted.get(elites[n]!) ?? paint(elites[n]!));
    painted.clear();
    places.forEach((n, i) => painted.set(elites[n]!, pictures[i]!));
    return foolingResult(session, frame, {
      foolings: places.map((n, i) => {
        return { index: classes[n]!, confidence: elites[n]!.confidence, picture: pictures[i]! };
      }),
      history: historyOf(
        'confidence',
        places.map((n) => history.map((confidences) => confidences[n]!)),
      ),
      steps: Math.max(0, history.length - 1),
      notes:
        shown < classes.length ? [`Of ${classes.length} classes those ${shown} that the network is surest of.`] : [],
    });
  };
  let last: Evolved<Genome> | undefined;
  async function* kept() {
    for await (last of steps) yield last;
    if (!last) throw cancelledError();
  }
  yield* paced(kept(), result);
  if (last && last.done < last.total) yield { done: last.done, total: last.total, result: result(last) };
}
