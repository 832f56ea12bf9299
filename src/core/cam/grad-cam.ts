import { goalOf } from '../attribution/goal.ts';
import { OF } from '../attribution/parameters.ts';
import { visualizer, type Visualizer } from '../visualizers/visualizer.ts';
import { chooseMaps, weightedMaps, type Weigh } from './maps.ts';
import { INTERPOLATION, relu } from './parameters.ts';
import { camResult, pictureShape } from './result.ts';

interface Variant extends Pick<Visualizer, 'id' | 'title' | 'description' | 'source'> {
  readonly weigh: Weigh;
}

/** A method that weighs a layer's maps by their gradients. */
export const gradCamMethod = ({ weigh, ...about }: Variant): Visualizer =>
  visualizer({
    ...about,
    needs: ['image', 'class', 'layer?', 'unit?'],
    layerAlone: true,
    params: { relu: relu(false), interpolation: INTERPOLATION, of: OF },
    async *run(context) {
      pictureShape(context);
      const { relu, interpolation, of } = context.params;
      const goal = await goalOf(context, of);
      const maps = chooseMaps(context, goal);
      const { cam, scores } = await weightedMaps(context, goal, maps, weigh);
      const metrics = { [goal.measure]: scores };
      const result = camResult(context, { goal, title: about.title, maps, cam, relu, interpolation, metrics });
      yield { done: 1, total: 1, result };
    },
  });
