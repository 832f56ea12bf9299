import type { Goal } from '../attribution/goal.ts';
import { gradients, ownImages } from '../attribution/gradients.ts';
import { usageError } from '../errors.ts';
import { showShape } from '../graph/shapes.ts';
import { checkRunnable } from '../layers.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { lastMaps } from './last-maps.ts';

/** The maps that a class activation map is made of. */
export interface Maps {
  readonly tensor: string;
  /** The layer that makes them, for a person. */
  readonly layer: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The maps that are looked at: those of `--layer`, where it is given without a unit, else of the last convolution before what
 * is explained. Throws a usage error where there are none.
 */
export function chooseMaps(context: Context, goal: Goal): Maps {
  const { session, layer, units, image } = context;
  if ((layer as typeof layer | undefined) && !units) {
    checkRunnable(session, layer.output, `Layer '${layer.name}'`);
    return mapsOf(context, layer.output);
  }
  const explained = goal.objective.tensors[0]!;
  const found = lastMaps(session.model.graph, session.shapes, image.input.name, explained);
  if (found !== undefined) return mapsOf(context, found);
  throw usageError(
    `No convolution lies between the input and ${goal.name}, whose maps could be weighted: saliency and occlusion explain it.`,
  );
}

/** A tensor as maps. Throws a usage error where it holds none. */
export function mapsOf({ session, image }: Context, tensor: string): Maps {
  const { layers } = session.model;
  const shape = session.shapes.get(tensor);
  const layer =
    layers.find(({ output }) => output === tensor) ??
    layers.findLast(({ before, after }) => before === tensor || after === tensor);
  const name = layer?.name ?? tensor;
  if (shape?.length !== 4 || tensor === image.input.name)
    throw usageError(
      `'${name}' gives ${showShape(shape)}, which are no maps: choose a convolution, or leave --layer out.`,
    );
  const [, channels, height, width] = shape as readonly [number, number, number, number];
  return { tensor, layer: name, channels, height, width };
}

/** How an image's maps are weighed: by channel, from its maps and their gradients, channels × area each. */
export type Weigh = (maps: Float32Array, gradients: Float32Array, area: number) => Float32Array;

/**
 * Σ_k w_k · A_k for each image, N×h×w, and the goal's values. The backward pass ends at the maps. Memory: one batch
 * (`planBatches`) and the result.
 */
export async function weightedMaps(context: Context, goal: Goal, maps: Maps, weigh: Weigh) {
  const images = context.image.tensor.shape[0]!;
  const area = maps.height * maps.width;
  const size = maps.channels * area;
  const cam = new Float32Array(images * area);
  const scores: number[] = [];
  for await (const some of gradients(context, goal, ownImages(context), { wrt: maps.tensor })) {
    scores.push(...some.values);
    for (let i = 0; i < some.count; i++) {
      const own = some.maps.subarray(i * size, (i + 1) * size);
      const weights = weigh(own, some.gradients.subarray(i * size, (i + 1) * size), area);
      cam.set(weightedSum(own, weights, area), (some.from + i) * area);
    }
  }
  return { cam, scores };
}

/** Σ_k w_k · A_k of one image. */
function weightedSum(maps: Float32Array, weights: Float32Array, area: number): Float32Array {
  const sum = new Float64Array(area);
  weights.forEach((weight, k) => {
    for (let i = 0; i < area; i++) sum[i] = sum[i]! + weight * maps[k * area + i]!;
  });
  return Float32Array.from(sum);
}
