import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { heatmap, isZero } from '../attribution/heatmap.ts';
import { reduceChannels } from '../attribution/reduce.ts';
import { oneOf } from './parameters.ts';
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
  params: {
    reduce: oneOf(
      ['max', 'sum', 'signed'],
      'Over the colour channels: the largest magnitude, the sum of magnitudes, or the sum with its sign.',
    ),
    of: oneOf(['score', 'probability'], 'The class score before the softmax, or the probability after it.'),
  },
  async *run(context) {
    const { image, params } = context;
    const goal = await goalOf(context, params.of);
    const { gradients: gradient, values } = await gradientsOfImages(context, goal);
    yield {
      done: 1,
      total: 1,
      result: heatmap({
        context,
        goal,
        title: 'Saliency',
        attribution: gradient,
        map: reduceChannels(gradient, image.tensor.shape, params.reduce),
        signed: params.reduce === 'signed',
        metrics: { [goal.measure]: Array.from(values) },
        notes: isZero(gradient)
          ? [`The gradient is zero everywhere: ${goal.name} does not react to small changes of this image.`]
          : [],
      }),
    };
  },
});
