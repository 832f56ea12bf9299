import { imageGradient, imageToInput } from '../images/preprocess.ts';
import type { Preprocessing } from '../model.ts';
import { Adam } from './adam.ts';
import type { PictureParameters } from './picture-parameters.ts';
import type { Random } from './random.ts';
import { drawView, type Look, type TransformRanges, type Viewer } from './transforms.ts';

interface BatchOptions {
  readonly parameters: PictureParameters;
  readonly viewer: Viewer;
  readonly transforms: TransformRanges;
  readonly preprocessing: Preprocessing;
  readonly rate: number;
  /** Where each picture begins, and its own random numbers. */
  readonly starts: readonly Float32Array[];
  readonly randoms: readonly Random[];
}

/** Pictures that climb together: painted, seen through a window by the network, changed along what comes back. */
export class PictureBatch {
  /** As painted last: N×C×h×w, 0..1. */
  readonly pictures: Float32Array;
  /** What the network is to see of them: N×C×H×W, in its own units. */
  readonly seen: Float32Array;
  /** The same with values 0..1, and its gradient after that. */
  readonly #window: Float32Array;
  readonly #values: Float32Array;
  readonly #gradients: Float32Array;
  readonly #adam: Adam;
  readonly #looks: readonly Look[];
  readonly #picture: Float32Array;

  constructor(readonly options: BatchOptions) {
    const { parameters, viewer, starts } = options;
    const [height, width] = viewer.picture;
    this.pictures = new Float32Array(starts.length * viewer.channels * height * width);
    this.seen = new Float32Array(starts.length * viewer.channels * viewer.window[0] * viewer.window[1]);
    this.#window = new Float32Array(this.seen.length);
    this.#values = new Float32Array(starts.length * parameters.size);
    starts.forEach((start, n) => this.#values.set(start, n * parameters.size));
    this.#gradients = new Float32Array(this.#values.length);
    this.#looks = starts.map(() => viewer.look());
    this.#picture = new Float32Array(this.pictures.length / starts.length);
    this.#adam = new Adam(this.#values.length, { rate: options.rate });
  }

  /** Paints the pictures. */
  paint(): void {
    const { parameters, starts } = this.options;
    starts.forEach((_, n) => parameters.paint(this.#part(this.#values, n), this.#part(this.pictures, n)));
  }

  /** Looks at each painted picture in another way, into `seen`. */
  look(): void {
    const { viewer, transforms, randoms } = this.options;
    this.#looks.forEach((look, n) => {
      viewer.locate(drawView(randoms[n]!, transforms), look);
      viewer.see(this.#part(this.pictures, n), look, this.#part(this.#window, n));
    });
    imageToInput(this.#window, this.seen, this.#planes());
  }

  /** One step along the gradient with respect to what was seen. */
  climb(gradient: Float32Array): void {
    const { parameters, viewer } = this.options;
    const picture = this.#picture;
    imageGradient(gradient, this.#window, this.#planes());
    this.#looks.forEach((look, n) => {
      viewer.gradient(this.#part(this.#window, n), look, picture);
      parameters.gradient(this.#part(this.pictures, n), picture, this.#part(this.#gradients, n));
    });
    this.#adam.step(this.#values, this.#gradients);
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
