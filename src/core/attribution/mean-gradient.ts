import type { Context } from '../visualizers/visualizer.ts';
import type { Goal } from './goal.ts';
import { gradients } from './gradients.ts';

/** Variations of each image of the context, whose gradients are added up. */
export interface Samples {
  /** For each image. */
  readonly count: number;
  weight(sample: number): number;
  /** Writes a sample of an image, in the shape of one image. */
  fill(image: number, sample: number, into: Float32Array): void;
}

export interface MeanGradient {
  /** Gradients that were done, of all images together. */
  readonly done: number;
  readonly total: number;
  /** Σ weight · gradient / Σ weight over the samples so far, in the shape of the input. Made when it is asked for. */
  mean(): Float32Array;
}

/**
 * The weighted mean of gradients, as it forms: samples of all images in turn, batch by batch.
 * Memory: two arrays of the input's size beside what `gradients` takes, whatever the number of samples.
 */
export async function* meanGradient(
  context: Context,
  goal: Goal,
  samples: Samples,
): AsyncGenerator<MeanGradient, void, void> {
  const { shape, data } = context.image.tensor;
  const images = shape[0]!;
  const size = data.length / images;
  const total = images * samples.count;
  const sum = new Float64Array(data.length);
  const weights = new Float64Array(images);
  const inputs = {
    count: total,
    image: (i: number) => i % images,
    fill: (i: number, into: Float32Array) => samples.fill(i % images, Math.floor(i / images), into),
  };
  const mean = () => {
    const means = new Float32Array(sum.length);
    for (let image = 0; image < images; image++) {
      const share = 1 / (weights[image]! || 1);
      for (let i = image * size; i < (image + 1) * size; i++) means[i] = sum[i]! * share;
    }
    return means;
  };
  for await (const { from, count, gradients: found } of gradients(context, goal, inputs)) {
    for (let i = 0; i < count; i++) {
      const image = (from + i) % images;
      const weight = samples.weight(Math.floor((from + i) / images));
      weights[image] = weights[image]! + weight;
      const [own, start] = [image * size, i * size];
      for (let k = 0; k < size; k++) sum[own + k] = sum[own + k]! + weight * found[start + k]!;
    }
    yield { done: from + count, total, mean };
  }
}
