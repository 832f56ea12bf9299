import { baselineOf } from '../attribution/baseline.ts';
import { completeness } from '../attribution/completeness.ts';
import { goalOf } from '../attribution/goal.ts';
import { values } from '../attribution/gradients.ts';
import { meanGradient } from '../attribution/mean-gradient.ts';
import { paced } from '../attribution/paced.ts';
import { OF, reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { quadrature, QUADRATURES, spread } from '../attribution/quadrature.ts';
import { integer, level, oneOf } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * (x − x′) ⊙ ∫ ∂S_c/∂x (x′ + α(x − x′)) dα, over a line from a baseline x′ to the image. Its values sum up to S(x) − S(x′): how far
 * off the sum is, `delta`, tells whether the steps are enough. Arrays: `attribution`; `map`, N×H×W.
 * Memory: that of one batch of gradients, whatever the number of steps.
 */
export const integratedGradients = visualizer({
  id: 'integrated-gradients',
  title: 'Integrated gradients',
  description:
    'Shares the class score out among the pixels, by the gradients on the way from a picture without content.',
  source: 'Sundararajan, Taly & Yan 2017, Axiomatic Attribution for Deep Networks, §3 and §5',
  needs: ['image', 'class', 'layer?', 'unit?'],
  measures: 'share',
  params: {
    steps: integer({
      default: 50,
      min: 1,
      max: 10_000,
      label: 'Steps on the line',
      help: 'Gradients on the line from the baseline to the image.',
    }),
    quadrature: oneOf(
      QUADRATURES,
      'Where on the line they are taken, and how they are weighted.',
      'Spread and weights',
    ),
    baseline: level(
      ['zero', 'mean', 'blur'],
      "The picture without content: zero or a number in the network's units, the mean image, or the image blurred.",
      'Begins with',
    ),
    reduce: reduction(['signed', 'max', 'sum']),
    of: OF,
  },
  async *run(context) {
    const { image, params } = context;
    const goal = await goalOf(context, params.of);
    const { data, shape } = image.tensor;
    const images = shape[0]!;
    const size = data.length / images;
    const baseline = baselineOf(context, params.baseline);
    const { nodes, weights } = quadrature(params.quadrature, params.steps);
    // Evenly spread from the first on, so that the picture so far is one of fewer steps.
    const order = spread(params.steps);
    const ends = new Float32Array(2 * images);
    const inputs = {
      count: 2 * images,
      image: (i: number) => i % images,
      fill: (i: number, into: Float32Array) =>
        into.set((i < images ? data : baseline).subarray((i % images) * size, ((i % images) + 1) * size)),
    };
    for await (const part of values(context, goal, inputs, images * params.steps)) ends.set(part.values, part.from);
    const [scores, starts] = [ends.subarray(0, images), ends.subarray(images)];

    const samples = {
      count: params.steps,
      weight: (step: number) => weights[order[step]!]!,
      line: { from: baseline, to: data, at: (step: number) => nodes[order[step]!]! },
      fill(n: number, step: number, into: Float32Array) {
        const alpha = nodes[order[step]!]!;
        for (let i = 0, at = n * size; i < size; i++, at++)
          into[i] = baseline[at]! + alpha * (data[at]! - baseline[at]!);
      },
    };
    yield* paced(meanGradient(context, goal, samples), ({ mean, done, total }) => {
      const attribution = mean();
      for (let i = 0; i < attribution.length; i++) attribution[i]! *= data[i]! - baseline[i]!;
      const steps = Math.floor((params.steps * done) / total);
      const { delta, notes } = completeness({ attribution, scores, starts, goal });
      return reducedHeatmap({
        context,
        goal,
        title: 'Integrated gradients',
        attribution,
        reduce: params.reduce,
        metrics: {
          [goal.measure]: Array.from(scores),
          baseline: Array.from(starts),
          delta,
          steps,
        },
        notes: done === total ? notes : [`After ${steps} of ${params.steps} steps.`],
      });
    });
  },
});
