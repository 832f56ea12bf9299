import { imageGradient, imageToInput } from '../images/preprocess.ts';
import type { Preprocessing } from '../model.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { Parametrisation } from './parametrisations/parametrisation.ts';
import type { Penalty } from './penalties/penalty.ts';
import type { Prior } from './priors/prior.ts';
import type { Random } from './random.ts';
import { drawView, type Look, type TransformRanges, type Viewer } from './transforms.ts';

/** How a picture climbs: what a recipe combines. */
export interface Way {
  readonly parametrisation: Parametrisation;
  readonly optimizer: Optimizer;
  readonly penalties?: readonly Penalty[];
  readonly priors?: readonly Prior[];
}

interface AscentOptions {
  /** One for each picture, with parametrisations of one size. */
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
  /** The same with values 0..1. */
  readonly #window: Float32Array;
  readonly #values: Float32Array;
  readonly #gradient: Float32Array;
  readonly #looks: readonly Look[];
  readonly #picture: Float32Array;
  /** The gradient of what was seen; where there are transforms, in the window's place. */
  readonly #back: Float32Array;
  #steps = 0;

  constructor(readonly options: AscentOptions) {
    const { viewer, starts, transforms } = options;
    const { size } = options.ways[0]!.parametrisation;
    const [height, width] = viewer.picture;
    this.pictures = new Float32Array(starts.length * viewer.channels * height * width);
    this.seen = new Float32Array(starts.length * viewer.channels * viewer.window[0] * viewer.window[1]);
    this.#window = transforms ? new Float32Array(this.seen.length) : this.pictures;
    this.#values = new Float32Array(starts.length * size);
    starts.forEach((start, n) => this.#values.set(start, n * size));
    this.#gradient = new Float32Array(size);
    this.#looks = transforms ? starts.map(() => viewer.look()) : [];
    this.#picture = new Float32Array(this.pictures.length / starts.length);
    this.#back = transforms ? this.#window : new Float32Array(this.pictures.length);
  }

  /** Paints the pictures. */
  paint(): void {
    this.options.ways.forEach(({ parametrisation }, n) =>
      parametrisation.paint(this.#part(this.#values, n), this.#part(this.pictures, n)),
    );
  }

  /** Looks at each painted picture, each time in another way where there are transforms, into `seen`. */
  look(): void {
    const { viewer, transforms, randoms } = this.options;
    this.#looks.forEach((look, n) => {
      viewer.locate(drawView(randoms[n]!, transforms!), look);
      viewer.see(this.#part(this.pictures, n), look, this.#part(this.#window, n));
    });
    imageToInput(this.#window, this.seen, this.#planes());
  }

  /**
   * One step along the gradient with respect to what was seen.
   *
   * @param values  the objective's, by picture
   * @returns the same less the penalties
   */
  climb(gradient: Float32Array, values: readonly number[]): number[] {
    const { ways, viewer, transforms } = this.options;
    imageGradient(gradient, this.#back, this.#planes());
    this.#steps++;
    return ways.map(({ parametrisation, optimizer, penalties = [], priors = [] }, n) => {
      const picture = this.#part(this.pictures, n);
      let own = this.#part(this.#back, n);
      if (transforms) viewer.gradient(own, this.#looks[n]!, (own = this.#picture));
      const penalty = penalties.reduce((sum, one) => sum + one(picture, own), 0);
      parametrisation.gradient(picture, own, this.#gradient);
      const parameters = this.#part(this.#values, n);
      const value = values[n]! - penalty;
      optimizer.step(parameters, this.#gradient, value);
      for (const prior of priors) prior(parameters, this.#gradient, this.#steps);
      return value;
    });
  }

  /** The pictures as they are, in the network's units: N×C×h×w. */
  inputs(): Float32Array {
    const [height, width] = this.options.viewer.picture;
    const inputs = new Float32Array(this.pictures.length);
    imageToInput(this.pictures, inputs, { ...this.#planes(), area: height * width });
    return inputs;
  }

  #planes() {
    const { viewer, preprocessing } = this.options;
    return { channels: viewer.channels, area: viewer.window[0] * viewer.window[1], preprocessing };
  }

  /** What belongs to picture n. */
  #part(all: Float32Array, n: number): Float32Array {
    const size = all.length / this.options.starts.length;
    return all.subarray(n * size, (n + 1) * size);
  }
}
