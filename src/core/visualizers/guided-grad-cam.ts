import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { OF, reduction } from '../attribution/parameters.ts';
import { chooseMaps, weightedMaps } from '../cam/maps.ts';
import { INTERPOLATION, relu } from '../cam/parameters.ts';
import { camResult, pictureShape } from '../cam/result.ts';
import { means } from '../cam/weights.ts';
import { backwardRule } from '../graph/rules/index.ts';
import { visualizer } from './visualizer.ts';

/**
 * Grad-CAM at the image's size times guided backprop, value by value. Arrays: `attribution`, that product in the shape of the
 * input; `map`, N×H×W, of it; `cam`, N×h×w, Grad-CAM's own. Memory: as Grad-CAM's, and two arrays of the input's size.
 */
export const guidedGradCam = visualizer({
  id: 'guided-grad-cam',
  title: 'Guided Grad-CAM',
  description: 'The fine lines of guided backprop, where Grad-CAM finds the class.',
  source: 'Selvaraju, Cogswell, Das, Vedantam, Parikh & Batra 2017, Grad-CAM, §3.2',
  needs: ['image', 'class', 'layer?', 'unit?'],
  layerAlone: true,
  params: { relu: relu(true), interpolation: INTERPOLATION, reduce: reduction(['max', 'sum', 'signed']), of: OF },
  async *run(context) {
    pictureShape(context);
    const { relu, interpolation, reduce, of } = context.params;
    const goal = await goalOf(context, of);
    const maps = chooseMaps(context, goal);
    const { cam, scores } = await weightedMaps(context, goal, maps, means);
    yield { done: 1, total: 2 };
    const { gradients } = await gradientsOfImages(context, goal, { rule: backwardRule('guided') });
    const result = camResult(context, {
      goal,
      title: 'Guided Grad-CAM',
      maps,
      cam,
      relu,
      interpolation,
      metrics: { [goal.measure]: scores },
      times: { values: gradients, reduce },
    });
    yield { done: 2, total: 2, result };
  },
});
