import { cancelledError, usageError } from '../errors.ts';
import { checkRunnable } from '../layers.ts';
import { pictureSize, type Size } from '../optimization/picture-size.ts';
import { random, type Random } from '../optimization/random.ts';
import { dream, energyOf, type Dreamt } from '../stimuli/dream.ts';
import { dreamtResult } from '../stimuli/dream-result.ts';
import { pictureOf } from '../stimuli/frame.ts';
import { octaveSizes } from '../stimuli/octaves.ts';
import { Pace } from '../stimuli/pace.ts';
import { photoFrame, photoIn, photoSize } from '../stimuli/photo-frame.ts';
import type { Frame } from '../stimuli/recipe.ts';
import { zoomed } from '../stimuli/zoom.ts';
import { integer, oneOf, real } from './parameters.ts';
import { visualizer, type Context } from './visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 300;
/** Frames that are shown on the way: all of a long film would be drawn and sent anew each time. */
const FEW = 9;
/** Of noise at the start, 1 for black to white: next to none, or its grain stays (dream.ipynb has less than a level of 255). */
const NOISE = 0.01;

/**
 * x ← x + rate · g / mean|g|, g = ∂ ½‖φ(x)‖² / ∂x, from an image, octave by octave; φ is a layer, or some of its channels. With `frames`
 * the picture is zoomed into and dreamt on, frame by frame. Arrays: `image`, frames×C×H×W in the model's input units. Metrics: `objective`
 * (mean over the map, of the last step, by frame), `activation` (the same of each frame as it is), `steps` of each frame.
 */
export const deepdream = visualizer({
  id: 'deepdream',
  title: 'DeepDream',
  description: 'An image in which what a layer sees a little of is made to grow, until everyone can see it.',
  source: 'Mordvintsev, Olah & Tyka 2015, Inceptionism: Going Deeper into Neural Networks',
  question: 'Preferred stimuli',
  needs: ['image', 'layer', 'unit?'],
  params: {
    octaves: integer({
      default: 4,
      min: 1,
      max: 12,
      label: 'Sizes (octaves)',
      help: 'Sizes that are worked on, the smallest first.',
    }),
    ratio: real({ default: 1.4, min: 1.05, max: 4, label: 'From size to size ×', help: 'From one size to the next.' }),
    steps: integer({
      default: 10,
      min: 1,
      max: 1000,
      label: 'Steps at each size',
      help: 'Steps along the gradient, in each octave.',
    }),
    rate: real({
      default: 1.5,
      min: 0.01,
      max: 100,
      label: 'Step size',
      help: 'Mean change of a pixel in one step, in levels of 255.',
    }),
    jitter: integer({
      default: 32,
      min: 0,
      max: 256,
      unit: 'px',
      label: 'Random shift',
      help: 'Shifted round at random by up to this in each step.',
    }),
    size: photoSize,
    start: oneOf(
      ['image', 'noise', 'zero', 'mean'],
      'Where it begins: the image, or of its size grey noise, an even grey (zero), the mean colour.',
      'Begins with',
    ),
    frames: integer({ default: 1, min: 1, max: 500, help: 'Pictures: each zooms into the one before and dreams on.' }),
    zoom: real({ default: 1.05, min: 1, max: 2, label: 'Zoom of a frame ×', help: 'How far each frame zooms in.' }),
  },
  async *run(context) {
    const { session, params, signal, image } = context;
    checkRunnable(session, context.layer.output, `Layer '${context.layer.name}'`);
    const frame = await photoFrame(context, [context.layer.output], params.size);
    const own = random(context.seed);
    const octaves = octavesOf(context, frame.size);
    const weights = weightsOf(context);
    const perFrame = octaves.length * params.steps;
    const total = perFrame * params.frames;
    const finished: Float32Array[] = [];
    /** By frame and step. */
    const energies: number[][] = [];
    let picture = startOf(params.start, pictureOf(session, await photoIn(context, image, frame), frame), frame, own);
    const activation: number[] = [];
    const pace = new Pace(BETWEEN_PICTURES);
    for (let n = 0; n < params.frames; n++) {
      const options = { ...params, frame, octaves, weights, random: own };
      let last: Dreamt | undefined;
      const ofFrame: number[] = [];
      energies.push(ofFrame);
      let done = n * perFrame;
      for await (last of dream(context, picture, options)) {
        done++;
        ofFrame.push(last.energy);
        const { picture: now } = last;
        const result = pace.picture(() => dreamtResult(context, frame, [...finished, now()], { energies, last: FEW }));
        yield { done, total, ...(result && { result }) };
      }
      if (!last && finished.length === 0) throw cancelledError();
      if (last) {
        picture = last.picture();
        finished.push(picture);
        activation.push(await energyOf(context, picture, { frame, weights }));
      }
      const ends = signal.aborted || n === params.frames - 1;
      const measured = { energies, activation, ...(!ends && { last: FEW }) };
      yield { done, total, result: dreamtResult(context, frame, finished, measured) };
      if (ends) return;
      picture = zoomed(picture, frame.size, params.zoom);
    }
  },
});

/** Where the first frame begins. */
function startOf(start: string, picture: Float32Array, { area, centre }: Frame, { normal }: Random): Float32Array {
  if (start === 'image') return picture;
  if (start === 'noise') return picture.map(() => 0.5 + NOISE * normal());
  return picture.map((_, i) => (start === 'mean' ? centre[Math.floor(i / area)]! : 0.5));
}

/** Each size from the smallest; the image's own alone where the layers below take no other. */
function octavesOf({ session, image, layer, params }: Context, own: Size): Size[] {
  const { graph } = session.model;
  const question = { graph, shapes: session.shapes, input: image.input.name, tensor: layer.output };
  if (pictureSize({ ...question, wanted: own }).fixed) return [own];
  return octaveSizes(own, params as { octaves: number; ratio: number });
}

/** By channel of the layer: 1 for those that are to grow. */
function weightsOf({ session, layer, units }: Context): Float32Array {
  if (units?.[0]?.position) throw usageError('deepdream lets whole channels grow, not one position: give --unit C.');
  const weights = new Float32Array(session.shapes.get(layer.output)![1]!);
  if (!units) return weights.fill(1);
  for (const { channel } of units) weights[channel] = 1;
  return weights;
}
