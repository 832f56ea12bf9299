import { channelMaps, imageGradient, imageToInput, type ChannelMap } from '../images/preprocess.ts';
import type { Preprocessing } from '../model.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { paint, paintGradient, part, type RunProgram } from './parametrisations/draw.ts';
import type { Parametrisation } from './parametrisations/parametrisation.ts';
import type { Penalty } from './penalties/penalty.ts';
import type { Prior } from './priors/prior.ts';
import type { Random } from './random.ts';
import { drawView, STILL, type TransformRanges, type View } from './transforms.ts';
import type { Viewer } from './viewer.ts';

/** How a picture climbs: what a recipe combines. */
export interface Way {
  readonly parametrisation: Parametrisation;
  readonly optimizer: Optimizer;
  readonly penalties?: readonly Penalty[];
  readonly priors?: readonly Prior[];
}

interface AscentOptions {
  /** One for each picture, with parametrisations of one kind and size. */
  readonly ways: readonly Way[];
  readonly viewer: Viewer;
  /** None: the network sees the pictures as they are. */
  readonly transforms?: TransformRanges;
  readonly preprocessing: Preprocessing;
  /** Where each picture begins, and its own random numbers. */
  readonly starts: readonly Float32Array[];
  readonly randoms: readonly Random[];
}

/** Pictures that climb together: painted, seen through a window by the network, changed along what comes back. */
export class Ascent {
  /** As painted last: N×C×h×w; 0..1 is black to full. */
  readonly pictures: Float32Array;
  /** What the network is to see of them: N×C×H×W, in its own units. */
  readonly seen: Float32Array;
  readonly #values: Float32Array;
  /** The gradient of the pictures, and of their parameters. */
  readonly #pictures: Float32Array;
  readonly #gradient: Float32Array;
  /** How each picture was looked at last. */
  readonly #views: View[];
  readonly #parametrisations: readonly Parametrisation[];
  readonly #maps: readonly ChannelMap[];
  #steps = 0;

  constructor(readonly options: AscentOptions) {
    const { ways, viewer, starts, preprocessing } = options;
    const [height, width] = viewer.picture;
    this.#maps = channelMaps(preprocessing, viewer.channels);
    this.#parametrisations = ways.map(({ parametrisation }) => parametrisation);
    this.pictures = new Float32Array(starts.length * viewer.channels * height * width);
    this.seen = new Float32Array(starts.length * viewer.channels * viewer.window[0] * viewer.window[1]);
    this.#values = new Float32Array(starts.length * this.#parametrisations[0]!.size);
    starts.forEach((start, n) => this.#part(this.#values, n).set(start));
    this.#gradient = new Float32Array(this.#values.length);
    this.#views = starts.map(() => STILL);
    this.#pictures = new Float32Array(this.pictures.length);
  }

  /** Paints the pictures; `run` runs what draws them, where that is a program. */
  paint(run: RunProgram): Promise<void> {
    return paint(this.#parametrisations, { parameters: this.#values, pictures: this.pictures }, run);
  }

  /** Looks at each painted picture, each time in another way where there are transforms, into `seen`. */
  look(): void {
    const { viewer, transforms, randoms } = this.options;
    if (!transforms) return imageToInput(this.pictures, this.seen, this.#planes());
    randoms.forEach((random, n) => {
      const view = drawView(random, transforms);
      viewer.see(this.#part(this.pictures, n), view, this.#part(this.seen, n), this.#maps);
      this.#views[n] = view;
    });
  }

  /**
   * One step along the gradient with respect to what was seen.
   *
   * @param values  the objective's, by picture
   * @param run  as `paint`
   * @returns the same less the penalties
   */
  async climb(gradient: Float32Array, values: readonly number[], run: RunProgram): Promise<number[]> {
    const { ways, viewer, transforms } = this.options;
    if (!transforms) imageGradient(gradient, this.#pictures, this.#planes());
    const less = ways.map(({ penalties = [] }, n) => {
      const own = this.#part(this.#pictures, n);
      if (transforms) viewer.gradient(this.#part(gradient, n), this.#views[n]!, own, this.#maps);
      return penalties.reduce((sum, one) => sum + one(this.#part(this.pictures, n), own), 0);
    });
    const batch = { parameters: this.#gradient, pictures: this.pictures, gradient: this.#pictures };
    await paintGradient(this.#parametrisations, batch, run);
    this.#steps++;
    return ways.map(({ optimizer, priors = [] }, n) => {
      const [parameters, slope] = [this.#part(this.#values, n), this.#part(this.#gradient, n)];
      const value = values[n]! - less[n]!;
      optimizer.step(parameters, slope, value);
      for (const prior of priors) prior(parameters, slope, this.#steps);
      return value;
    });
  }

  /** The pictures as they are, in the network's units: N×C×h×w. */
  inputs(): Float32Array {
    const inputs = new Float32Array(this.pictures.length);
    imageToInput(this.pictures, inputs, this.#planes());
    return inputs;
  }

  /** Of the pictures. */
  #planes() {
    const { viewer, preprocessing } = this.options;
    return { channels: viewer.channels, area: viewer.picture[0] * viewer.picture[1], preprocessing };
  }

  /** What belongs to picture n. */
  #part(all: Float32Array, n: number): Float32Array {
    return part(all, n, this.options.starts.length);
  }
}
