import { imageGradient, imageToInput } from '../images/preprocess.ts';
import { float32 } from '../graph/tensor.ts';
import { energy } from '../optimization/objectives.ts';
import { momentum } from '../optimization/optimizers/momentum.ts';
import type { Size } from '../optimization/picture-size.ts';
import type { Random } from '../optimization/random.ts';
import { resample, roll } from '../optimization/resample.ts';
import { UNIT } from '../visualizers/class-objectives.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { lookAt } from './look.ts';
import type { Frame } from './recipe.ts';

export interface DreamOptions {
  readonly frame: Frame;
  /** Sizes of the octaves, the smallest first, the picture's own last. */
  readonly octaves: readonly Size[];
  /** Steps of each octave. */
  readonly steps: number;
  /** Mean change of a pixel in a step, in levels of 255. */
  readonly rate: number;
  /** Pixels by which the picture is shifted round at random in each step, at most. */
  readonly jitter: number;
  /** Weight of each channel in what grows. */
  readonly weights: Float32Array;
  readonly random: Random;
}

/** A step of a dream: the picture (C×h×w, 0..1) as it is now at its own size, and the energy at the octave that is worked on. */
export interface Dreamt {
  picture(): Float32Array;
  readonly energy: number;
}

/**
 * Lets a picture grow what a layer sees in it: octave after octave, each begins with what the smaller one brought.
 * Mordvintsev, Olah & Tyka 2015, Inceptionism (deepdream/dream.ipynb: `deepdream`, `make_step`).
 *
 * @param picture  C×h×w, 0..1
 */
export async function* dream(context: Context, picture: Float32Array, options: DreamOptions): AsyncGenerator<Dreamt> {
  const { frame, octaves, steps } = options;
  let detail: Float32Array | undefined;
  let before: Size = frame.size;
  for (const size of octaves) {
    const base = resample(picture, frame.size, size);
    const grown = detail && resample(detail, before, size);
    const now = grown ? base.map((value, i) => value + grown[i]!) : base.slice();
    const whole = () => {
      const dreamt = resample(
        now.map((value, i) => value - base[i]!),
        size,
        frame.size,
      );
      return picture.map((value, i) => value + dreamt[i]!);
    };
    for (let step = 0; step < steps; step++) {
      if (context.signal.aborted) return;
      const value = await climb(context, now, size, options);
      yield { picture: whole, energy: value };
    }
    detail = now.map((value, i) => value - base[i]!);
    before = size;
  }
}

/** One step on a picture of a size, in place; the energy before it. */
async function climb({ session, image, layer }: Context, picture: Float32Array, size: Size, options: DreamOptions) {
  const { frame, jitter, random, rate, weights } = options;
  const [dy, dx] = [random.upTo(2 * jitter) - jitter, random.upTo(2 * jitter) - jitter];
  const planes = { channels: frame.channels, area: size[0] * size[1], preprocessing: session.description.input };
  const seen = new Float32Array(picture.length);
  imageToInput(roll(picture, size, dy, dx), seen, planes);
  const { values, gradient } = await lookAt(session, {
    objective: energy(layer.output, UNIT),
    input: image.input,
    pictures: seen,
    size,
    feeds: { [UNIT]: float32(weights, [1, weights.length]) },
  });
  imageGradient(gradient, seen, planes);
  const optimizer = momentum(picture.length, { rate: rate / 255, normalised: true });
  optimizer.step(picture, roll(seen, size, -dy, -dx), values[0]!);
  for (let i = 0; i < picture.length; i++) picture[i] = Math.min(1, Math.max(0, picture[i]!));
  return values[0]!;
}

/** The energy of a picture (C×h×w, 0..1) as it is; by the program of its steps. */
export async function energyOf(
  { session, image: { input }, layer }: Context,
  picture: Float32Array,
  { frame: { channels, area, size }, weights }: Pick<DreamOptions, 'frame' | 'weights'>,
): Promise<number> {
  const pictures = new Float32Array(picture.length);
  imageToInput(picture, pictures, { channels, area, preprocessing: session.description.input });
  const feeds = { [UNIT]: float32(weights, [1, weights.length]) };
  const { values } = await lookAt(session, { objective: energy(layer.output, UNIT), input, pictures, size, feeds });
  return values[0]!;
}
