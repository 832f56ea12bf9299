import { goalOf } from '../attribution/goal.ts';
import { pooledMaps } from '../cam/head.ts';
import { mapsOf, weightedMaps } from '../cam/maps.ts';
import { INTERPOLATION, relu } from '../cam/parameters.ts';
import { camResult, pictureShape } from '../cam/result.ts';
import { sums } from '../cam/weights.ts';
import { visualizer } from './visualizer.ts';

/**
 * Σ_k w_k · A_k with the class's own weights, where the score is Σ_k w_k · mean(A_k) + b: its mean is the score without b. Where a 1×1
 * convolution makes a map for each class before the pooling, that map. h·w times Grad-CAM of the same maps.
 * Arrays and memory as Grad-CAM's.
 */
export const cam = visualizer({
  id: 'cam',
  title: 'CAM',
  description:
    "The last convolution's maps, each times its weight for the class: for networks that end in an average of maps.",
  source: 'Zhou, Khosla, Lapedriza, Oliva & Torralba 2016, Learning Deep Features for Discriminative Localization, §2',
  needs: ['image', 'class'],
  params: { relu: relu(false), interpolation: INTERPOLATION },
  async *run(context) {
    pictureShape(context);
    const { session, params } = context;
    const goal = await goalOf(context);
    const tensor = pooledMaps(session.model.graph, session.shapes, goal.objective.tensors[0]!);
    const maps = mapsOf(context, tensor);
    const { cam, scores } = await weightedMaps(context, goal, maps, sums);
    const result = camResult(context, { goal, title: 'CAM', maps, cam, ...params, metrics: { score: scores } });
    yield { done: 1, total: 1, result };
  },
});
