import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { flatNotes } from '../attribution/heatmap.ts';
import { OF, reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { visualizer } from './visualizer.ts';

/**
 * Which pixels a class score, or a unit, is most sensitive to: max over channels of |∂S_c/∂x|.
 * Arrays: `attribution`, the gradient in the shape and layout of the input that the file declares; `map`, N×H×W.
 */
export const saliency = visualizer({
  id: 'saliency',
  title: 'Saliency',
  description: 'Which pixels change the class score (or a chosen unit) most when they change a little.',
  source: 'Simonyan, Vedaldi & Zisserman 2013, Deep Inside Convolutional Networks, §3',
  needs: ['image', 'class', 'layer?', 'unit?'],
  measures: 'slope',
  params: { reduce: reduction(['max', 'sum', 'signed']), of: OF },
  async *run(context) {
    const { params } = context;
    const goal = await goalOf(context, params.of);
    const { gradients: gradient, values } = await gradientsOfImages(context, goal);
    yield {
      done: 1,
      total: 1,
      result: reducedHeatmap({
        context,
        goal,
        title: 'Saliency',
        attribution: gradient,
        reduce: params.reduce,
        metrics: { [goal.measure]: Array.from(values) },
        notes: flatNotes(goal, gradient),
      }),
    };
  },
});
