import { goalOf } from '../attribution/goal.ts';
import { flatNotes } from '../attribution/heatmap.ts';
import { meanGradient } from '../attribution/mean-gradient.ts';
import { paced } from '../attribution/paced.ts';
import { OF, reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { random } from '../optimization/random.ts';
import { integer, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/** Of each image, streams of random numbers for so many samples. */
const STREAMS = 2 ** 16;

/**
 * The mean of the gradients at n noisy copies of the image: 1/n Σ ∂S_c/∂x (x + N(0, σ²)), σ = noise · (max x − min x).
 * Arrays: `attribution`, the mean gradient; `map`, N×H×W. Memory: that of one batch of gradients, whatever n.
 */
export const smoothgrad = visualizer({
  id: 'smoothgrad',
  title: 'SmoothGrad',
  description:
    'The saliency of many noisy copies of the image, averaged: what stays is not an accident of single pixels.',
  source: 'Smilkov, Thorat, Kim, Viégas & Wattenberg 2017, SmoothGrad: removing noise by adding noise, §3',
  needs: ['image', 'class', 'layer?', 'unit?'],
  measures: 'slope',
  params: {
    noise: real({
      default: 0.15,
      min: 0,
      max: 2,
      label: 'Noise',
      help: "The noise's standard deviation, as a part of the range of the image's values.",
    }),
    samples: integer({
      default: 25,
      min: 1,
      max: 10_000,
      label: 'Noisy copies',
      help: 'How many noisy copies are averaged.',
    }),
    reduce: reduction(['max', 'sum', 'signed']),
    of: OF,
  },
  async *run(context) {
    const { image, params, seed } = context;
    const goal = await goalOf(context, params.of);
    const { data, shape } = image.tensor;
    const size = data.length / shape[0]!;
    const deviations = Array.from({ length: shape[0]! }, (_, n) => params.noise * range(data.subarray(n * size), size));
    const samples = {
      count: params.samples,
      weight: () => 1,
      fill(n: number, sample: number, into: Float32Array) {
        random(seed, n * STREAMS + sample).normals(into);
        const deviation = deviations[n]!;
        for (let i = 0; i < size; i++) into[i] = data[n * size + i]! + deviation * into[i]!;
      },
    };
    yield* paced(meanGradient(context, goal, samples), ({ mean, done, total }) => {
      const attribution = mean();
      const count = Math.floor((params.samples * done) / total);
      return reducedHeatmap({
        context,
        goal,
        title: 'SmoothGrad',
        attribution,
        reduce: params.reduce,
        metrics: { deviation: deviations, samples: count },
        notes: done === total ? flatNotes(goal, attribution) : [`After ${count} of ${params.samples} samples.`],
      });
    });
  },
});

function range(values: Float32Array, count: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
