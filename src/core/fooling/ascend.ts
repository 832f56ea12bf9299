import { inputToImage } from '../images/preprocess.ts';
import type { ModelInput } from '../model.ts';
import { momentum } from '../optimization/optimizers/momentum.ts';
import type { ImagesResult } from '../results.ts';
import { outputLayer } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { centredPixels, pixelRecipe } from '../stimuli/pixel-recipe.ts';
import { EACH_UNIT } from '../stimuli/choice.ts';
import type { Frame } from '../stimuli/recipe.ts';
import type { Start } from '../stimuli/starts.ts';
import type { Context, Update } from '../visualizers/visualizer.ts';
import type { Asked } from './asked.ts';
import { clip } from './clip.ts';
import { inBytes, Judge } from './evaluate.ts';
import { foolingResult, type Fooling } from './result.ts';

/** How much of the last step goes on. */
const KEEP = 0.9;

interface Options {
  readonly asked: Asked;
  readonly steps: number;
  /** Mean change of a pixel in one step, in levels of 255. */
  readonly rate: number;
  readonly start: Start;
  /** Of the pictures, as recipes take it. */
  readonly size: number;
  readonly input: ModelInput;
  readonly frame: Frame;
}

/**
 * Climbs the probability of a class along its gradient, on pixels that stay between black and full (Nguyen 2015, §3.4). Steps have one
 * size, so that it is the probability's logarithm as well. At the end the pictures are rounded to bytes, and looked at again.
 */
export async function* ascended(
  context: Context,
  { asked, steps, rate, start, size, input, frame }: Options,
): AsyncGenerator<Update, void, void> {
  const { session, output } = context;
  const all = asked.classes.length;
  const classes = Array.from({ length: asked.shown }, (_, n) => asked.classes[Math.floor((n * all) / asked.shown)]!);
  const notes = asked.shown < all ? [`${asked.shown} of ${all} classes, spread evenly: name others.`] : [];
  const climbing = stimuli(
    { ...context, layer: outputLayer(context), units: classes.map((channel) => ({ channel })) },
    {
      steps,
      ...pixelRecipe({ ...EACH_UNIT, size, start }),
      of: ['probability'],
      way(own) {
        const parametrisation = centredPixels(own);
        const optimizer = momentum(parametrisation.size, { rate: rate * (1 - KEEP), keep: KEEP, normalised: true });
        return { parametrisation, optimizer, priors: [clip(own)] };
      },
    },
  );
  let last: (Update & Ascended) | undefined;
  for await (const { done, total, result } of climbing) {
    if (result?.kind === 'images') last = { done, total, ...ascendedOf(context, frame, classes, result) };
    if (result && last) yield { done, total, result: foolingResult(session, frame, { ...last, notes }) };
    else yield { done, total };
  }
  if (!last) return;
  const { foolings, done, total } = last;
  const seen = new Map<Fooling, number>();
  const judge = new Judge(session, output, input, frame, foolings.length);
  const looks = judge.judge(
    foolings,
    (fooling, picture) => picture.set(fooling.picture),
    (fooling, { probabilities }) => seen.set(fooling, probabilities[fooling.index]!),
    () => false,
  );
  for await (const _ of looks);
  const judged = foolings.map((fooling) => ({ ...fooling, confidence: seen.get(fooling)! }));
  yield { done, total, result: foolingResult(session, frame, { ...last, foolings: judged, notes }) };
}

type Ascended = Pick<Parameters<typeof foolingResult>[2], 'foolings' | 'history' | 'steps'>;

/** Pictures on the way, rounded to bytes. */
function ascendedOf(
  { session }: Context,
  { channels, area }: Frame,
  classes: readonly number[],
  { arrays, metrics, history }: ImagesResult,
): Ascended {
  const inputs = arrays['image']!.data as Float32Array;
  const pictures = new Float32Array(inputs.length);
  inputToImage(inputs, pictures, { channels, area, preprocessing: session.description.input });
  inBytes(pictures);
  const size = channels * area;
  return {
    foolings: (metrics['objective'] as readonly number[]).map((confidence, n) => {
      return { index: classes[n]!, confidence, picture: pictures.subarray(n * size, (n + 1) * size) };
    }),
    history: { name: 'confidence', curves: history!.curves },
    steps: metrics['steps'] as number,
  };
}
