import { cancelledError, usageError } from '../errors.ts';
import { float32 } from '../graph/tensor.ts';
import type { Layer } from '../model.ts';
import { Adam } from '../optimization/optimizers/adam.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import { alphaNorm } from '../optimization/penalties/alpha-norm.ts';
import { totalVariation } from '../optimization/penalties/total-variation.ts';
import type { Random } from '../optimization/random.ts';
import type { ImagesResult } from '../results.ts';
import { drawnAll, drawnNotes } from '../stimuli/draw.ts';
import { pictureOf } from '../stimuli/frame.ts';
import { historyOf } from '../stimuli/history.ts';
import { beside } from '../stimuli/beside.ts';
import { inverse, type Inverse } from '../stimuli/inverse.ts';
import { Pace } from '../stimuli/pace.ts';
import { photoFrame, photoIn, photoSize } from '../stimuli/photo-frame.ts';
import { centredPixels } from '../stimuli/pixel-recipe.ts';
import type { Frame } from '../stimuli/recipe.ts';
import { stages } from '../stimuli/stages.ts';
import { noise, startFrom, startParameter } from '../stimuli/starts.ts';
import { integer, real } from './parameters.ts';
import { tile } from './tiles.ts';
import { visualizer, type Context } from './visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 400;

/**
 * What a layer still knows of an image: argmin ‖φ(x) − φ₀‖² / ‖φ₀‖² + λ_α ‖x‖_α^α + λ_V TV^β(x), from noise, by Adam on the pixels; x
 * with 1 for black to white, counted from the mean colour. One layer, or the stages of the network in a row.
 * Arrays: `image`, N×C×H×W in the model's input units. Metrics: by layer `distance` (the first term),
 * `objective` (−distance less penalties, of the last step) and `activation` (−distance of the picture as it is); `steps`.
 */
export const inversion = visualizer({
  id: 'inversion',
  title: 'Inversion',
  description: 'A picture rebuilt from what a layer says of the image alone: what the network still knows there.',
  source: 'Mahendran & Vedaldi 2015, Understanding Deep Image Representations by Inverting Them, §2, §3',
  question: 'Preferred stimuli',
  needs: ['image', 'layer?'],
  params: {
    steps: integer({ default: 300, min: 1, max: 10_000, help: 'Steps along the gradient.' }),
    rate: real({
      default: 6,
      min: 1e-3,
      max: 255,
      label: 'Step size',
      help: "Adam's learning rate, in levels of 255.",
    }),
    smoothness: real({
      default: 5e-6,
      min: 0,
      max: 1,
      label: 'Smoothness (λ_V)',
      help: 'λ_V: how much the total variation counts, at stride 2; times the square of the stride of the layer’s map.',
    }),
    beta: real({ default: 2, min: 1, max: 4, label: 'β of its exponent', help: 'β of the total variation.' }),
    range: real({ default: 1e-4, min: 0, max: 1, label: 'Norm penalty (λ_α)', help: 'λ_α: how much the norm counts.' }),
    alpha: real({ default: 6, min: 1, max: 12, label: 'α of the norm', help: 'α of the norm.' }),
    size: photoSize,
    start: startParameter('noise'),
    noise: real({
      default: 10,
      min: 0,
      max: 255,
      label: 'Noise at the start',
      help: 'Of the start: its standard deviation, in levels of 255.',
    }),
    count: integer({
      default: 9,
      min: 1,
      max: 64,
      label: 'Stages',
      help: 'Without a layer: how many of the network’s stages.',
    }),
  },
  async *run(context) {
    const { session, params, signal, layer } = context;
    // A layer need not be named.
    const layers = (layer as typeof layer | undefined) ? [layer] : stages(session, params.count);
    if (layers.length === 0) throw usageError('The network has no layer with maps to invert: name one by --layer.');
    const tensors = layers.map(({ output }) => output);
    const frame = await photoFrame(context, tensors, params.size);
    const [height, width] = frame.size;
    const image = pictureOf(session, await photoIn(context, context.image, frame), frame);
    const start = (own: Parametrisation, random: Random) =>
      params.start === 'noise'
        ? noise(own.size, params.noise, random)
        : startFrom(params.start, own, { ...frame, image });
    const way = (one: Layer) => {
      const parametrisation = centredPixels(frame);
      const variation = params.smoothness * (strideOf(context, one) / 2) ** 2;
      return {
        parametrisation,
        optimizer: new Adam(parametrisation.size, { rate: params.rate }),
        penalties: [
          totalVariation(variation, params.beta, { height, width }),
          alphaNorm(params.range, params.alpha, frame.centre),
        ],
      };
    };
    const { steps } = params;
    const found: Inverse[] = [];
    /** By layer and step. */
    const distances: number[][] = layers.map(() => []);
    const pace = new Pace(BETWEEN_PICTURES);
    const makers = layers.map(
      (one) => (lane: number | undefined) => inverse(context, one, { steps, frame, way: () => way(one), start, lane }),
    );
    const begun = () => found.filter((one) => one.steps > 0);
    const now = () =>
      resultOf(
        context,
        frame,
        begun(),
        distances.filter(({ length }) => length > 1),
      );
    const total = layers.length * steps;
    for await (const [index, one] of beside(makers, session.engine.lanes ?? 1)) {
      found[index] = one;
      distances[index]!.push(one.distance);
      const done = begun().reduce((sum, each) => sum + each.steps, 0);
      const result = one.steps === steps ? now() : one.steps > 0 ? pace.picture(now) : undefined;
      yield { done, total, ...(result && { result }) };
    }
    if (begun().length === 0) throw cancelledError();
    if (signal.aborted) yield { done: begun().reduce((sum, each) => sum + each.steps, 0), total, result: now() };
  },
});

/** Pixels of the image to one place of a layer's map: what is finer it can't place. */
function strideOf({ session: { shapes }, image }: Context, { output }: Layer): number {
  const [, , height = 1] = shapes.get(output)!;
  return Math.max(1, image.input.shape[2]! / height);
}

function resultOf(
  { image }: Context,
  frame: Frame,
  inverses: readonly Inverse[],
  distances: readonly (readonly number[])[],
): ImagesResult {
  const { size, area, channels } = frame;
  const values = new Float32Array(inverses.length * channels * area);
  inverses.forEach(({ input }, n) => values.set(input, n * channels * area));
  const percent = (distance: number) => `${(100 * distance).toPrecision(2)} %`;
  return {
    kind: 'images',
    title: `${image.name} as each layer knows it`,
    tiles: inverses.map(({ layer, input, distance }, n) =>
      tile(n, `${layer.name} · ${percent(distance)} off`, input, 0, input.length),
    ),
    ...drawnAll(
      inverses.map(({ picture }) => picture),
      frame,
    ),
    arrays: { image: float32(values, [inverses.length, channels, ...size]) },
    metrics: {
      distance: inverses.map(({ distance }) => distance),
      objective: inverses.map(({ objective, distance }) => objective ?? -distance),
      activation: inverses.map(({ distance }) => -distance),
      steps: Math.max(...inverses.map(({ steps }) => steps)),
    },
    notes: drawnNotes(frame),
    history: historyOf('distance', distances),
  };
}
