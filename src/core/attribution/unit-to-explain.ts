import { prune } from '../graph/passes.ts';
import type { BackwardRule } from '../graph/rules/index.ts';
import type { Layer } from '../model.ts';
import { scoreTensor } from '../scores.ts';
import { fetchTensor } from '../visualizers/layer-output.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { arrival } from './arrival.ts';
import { goalOf } from './goal.ts';
import { gradientsOfImages } from './gradients.ts';

/** Layers that are tried. */
const TRIED = 6;

/**
 * A unit below the classes from which a rule sends something back to the image: the strongest one for the first image, of the
 * uppermost layer of maps that has one. Undefined where none is found soon.
 */
export async function unitToExplain(context: Context, rule: BackwardRule) {
  const { session, image, signal } = context;
  for (const layer of mapsBelow(context).slice(0, TRIED)) {
    const { data, shape } = await fetchTensor(session, layer.output, image.feeds, `Layer '${layer.name}'`, signal);
    const [, channels, height, width] = shape as readonly [number, number, number, number];
    const own = data.subarray(0, channels * height * width);
    const unit = Math.floor(own.reduce((best, value, i) => (value > own[best]! ? i : best), 0) / (height * width));
    const units = [{ channel: unit }];
    const goal = await goalOf({ ...context, layer, units, against: undefined });
    const { gradients } = await gradientsOfImages(context, goal, { rule });
    if (!(await arrival(context, goal, gradients)).lost) return { layer: layer.name, unit };
  }
  return undefined;
}

/** Layers with maps, below the score, the uppermost first; maps of the classes themselves tell no more than the classes. */
function mapsBelow({ session, output }: Context): Layer[] {
  const { layers, graph } = session.model;
  const score = scoreTensor(session.model, output);
  const classes = session.shapes.get(score)![1]!;
  const below = new Set(prune(graph, [score]).nodes.flatMap(({ outputs }) => outputs));
  return layers
    .filter((layer) => {
      const [, channels, height = 1, width = 1] = session.shapes.get(layer.output) ?? [];
      return layer.weights.length > 0 && channels !== classes && height * width > 1 && below.has(layer.output);
    })
    .reverse();
}
