import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { flatNotes } from '../attribution/heatmap.ts';
import { OF, reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { visualizer } from './visualizer.ts';

/**
 * x ⊙ ∂S_c/∂x: what each value adds to the score, were the network linear there. `attribution` sums up to the score where
 * nothing has a bias and all activation functions are rectifiers. Arrays: `attribution`; `map`, N×H×W.
 * Memory: one gradient of a batch (`planBatches`).
 */
export const gradientXInput = visualizer({
  id: 'gradient-x-input',
  title: 'Gradient × input',
  description: 'How much each pixel adds to the class score or takes from it, judged by the gradient at this image.',
  source: 'Shrikumar, Greenside, Shcherbina & Kundaje 2016, Not Just a Black Box, §3',
  needs: ['image', 'class', 'layer?', 'unit?'],
  measures: 'share',
  params: { reduce: reduction(['signed', 'max', 'sum']), of: OF },
  async *run(context) {
    const { image, params } = context;
    const goal = await goalOf(context, params.of);
    const { gradients, values } = await gradientsOfImages(context, goal);
    const attribution = gradients.map((g, i) => g * image.tensor.data[i]!);
    yield {
      done: 1,
      total: 1,
      result: reducedHeatmap({
        context,
        goal,
        title: 'Gradient × input',
        attribution,
        reduce: params.reduce,
        metrics: { [goal.measure]: Array.from(values) },
        notes: flatNotes(goal, gradients),
      }),
    };
  },
});
