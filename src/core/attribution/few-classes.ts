import type { Feeds } from '../engines/engine.ts';
import { fewChannels } from '../graph/few-channels.ts';
import type { Graph } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { float32, int64 } from '../graph/tensor.ts';
import { UNIT } from '../visualizers/class-objectives.ts';
import type { Context } from '../visualizers/visualizer.ts';
import type { Goal } from './goal.ts';

/** A goal, and the network on which it is looked at. */
export interface Asked {
  readonly graph: Graph;
  readonly goal: Goal;
  /** What every run is fed with besides, whatever its images. */
  readonly fixed: Feeds;
  /** For names of programs: empty, or how the network differs from the model's. */
  readonly name: string;
}

const CLASSES = 'layerscope/classes';

export const wholly = ({ session }: Pick<Context, 'session'>, goal: Goal): Asked => ({
  graph: session.model.graph,
  goal,
  fixed: {},
  name: '',
});

/**
 * The same goal on a network without the scores of classes that nobody asks about, where a convolution or a product with a matrix
 * makes them: of a fully convolutional classifier that is a good part of all operations, of others most of the weights that are
 * read. Otherwise on the whole network.
 */
export function askedAlone(context: Pick<Context, 'session'>, goal: Goal): Asked {
  const { classes } = goal;
  if (!classes) return wholly(context, goal);
  const [scores] = goal.objective.tensors as [string];
  const { model, shapes } = context.session;
  const few = fewChannels(prune(model.graph, [scores]), shapes, scores, CLASSES, classes.length);
  if (!few) return wholly(context, goal);
  const { shape, data } = goal.feeds[UNIT]!;
  const [images, all] = shape as readonly [number, number];
  const weights = new Float32Array(images * classes.length);
  for (let image = 0; image < images; image++)
    classes.forEach((own, i) => (weights[image * classes.length + i] = data[image * all + own]!));
  return {
    graph: few,
    goal: { ...goal, feeds: { [UNIT]: float32(weights, [images, classes.length]) } },
    fixed: { [CLASSES]: int64(classes) },
    name: ` of ${classes.length}`,
  };
}
