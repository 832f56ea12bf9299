import { elements } from '../graph/tensor.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { startOf } from './affine-start.ts';
import type { Goal } from './goal.ts';
import { gradients } from './gradients.ts';
import { summedGradients, type Sum } from './summed-gradient.ts';

/** A straight line between two pictures for each image of the context, in the shape of the input. */
export interface Line {
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Where a sample is: 0 at the start, 1 at the end. */
  at(sample: number): number;
}

/** Variations of each image of the context, whose gradients are added up. */
export interface Samples {
  /** For each image. */
  readonly count: number;
  weight(sample: number): number;
  /** Writes a sample of an image, in the shape of one image. */
  fill(image: number, sample: number, into: Float32Array): void;
  /** Where the samples are places on a line, which `fill` writes. */
  readonly line?: Line;
}

export interface MeanGradient {
  /** Gradients that were done, of all images together. */
  readonly done: number;
  readonly total: number;
  /** Σ weight · gradient / Σ weight over the samples so far, in the shape of the input. Made when it is asked for. */
  mean(): Float32Array;
}

/**
 * The weighted mean of gradients, as it forms: by linearity where the network starts with an affine function that is worth leaving
 * out (`summedGradients`), else one after the other.
 * Memory: two arrays of the input's size beside what those take, whatever the number of samples.
 */
export async function* meanGradient(
  context: Context,
  goal: Goal,
  samples: Samples,
): AsyncGenerator<MeanGradient, void, void> {
  const { session, image } = context;
  const [images, ...shape] = image.tensor.shape as [number, ...number[]];
  const size = elements(shape);
  const total = images * samples.count;
  const sum = new Float64Array(images * size);
  const weights = new Float64Array(images);
  const mean = () => {
    const means = new Float32Array(sum.length);
    weights.forEach((weight, own) => {
      const share = 1 / (weight || 1);
      for (let i = own * size; i < (own + 1) * size; i++) means[i] = sum[i]! * share;
    });
    return means;
  };
  // A line saves the way forward and the way back.
  const start = startOf(session.model.graph, goal.objective, image.input.name, samples.line ? 2 : 1);
  const parts = start ? summedGradients(context, goal, samples, start) : oneByOne(context, goal, samples, images);
  let done = 0;
  for await (const { image: own, count, weight, values } of parts) {
    weights[own] = weights[own]! + weight;
    for (let i = 0, at = own * size; i < size; i++, at++) sum[at] = sum[at]! + values[i]!;
    done += count;
    yield { done, total, mean };
  }
}

/** Samples of all images in turn, batch by batch. */
async function* oneByOne(
  context: Context,
  goal: Goal,
  samples: Samples,
  images: number,
): AsyncGenerator<Sum, void, void> {
  const inputs = {
    count: images * samples.count,
    image: (i: number) => i % images,
    fill: (i: number, into: Float32Array) => samples.fill(i % images, Math.floor(i / images), into),
  };
  for await (const { from, count, gradients: found } of gradients(context, goal, inputs))
    for (let i = 0; i < count; i++) {
      const weight = samples.weight(Math.floor((from + i) / images));
      const values = found.subarray((i * found.length) / count, ((i + 1) * found.length) / count);
      yield { image: (from + i) % images, count: 1, weight, values: values.map((value) => weight * value) };
    }
}
