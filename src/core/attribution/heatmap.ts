import { usageError } from '../errors.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { toDeclaredLayout } from '../layouts.ts';
import type { HeatmapResult } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';
import type { Goal } from './goal.ts';

/** What a heatmap is made of. */
export interface HeatmapParts {
  readonly context: Context;
  readonly goal: Pick<Goal, 'name' | 'metrics'>;
  /** The method, as in the heading: `Saliency for class cat`. */
  readonly title: string;
  /** Raw and signed, in the graph's layout and the input's shape; CAM has none. */
  readonly attribution?: Float32Array;
  /** N×H×W (`reduceChannels`); the first image's is shown. */
  readonly map: Tensor<'float32'>;
  /** Whether the map's values on both sides of zero mean opposite things. */
  readonly signed: boolean;
  readonly notes?: readonly string[];
  readonly metrics?: HeatmapResult['metrics'];
  /** As in the result. */
  readonly least?: number | undefined;
  /** Further arrays. */
  readonly arrays?: HeatmapResult['arrays'];
}

/** The result of every attribution method. Arrays: `attribution` in the layout that the file declares; `map`, N×H×W. */
export function heatmap({
  context,
  goal,
  title,
  attribution,
  map,
  signed,
  least,
  ...more
}: HeatmapParts): HeatmapResult {
  const { image } = context;
  const { shape } = image.tensor;
  if (shape.length < 2) throw usageError(`The input '${image.input.name}' has no axis to explain.`);
  const [, height, width] = map.shape as readonly [number, number, number];
  return {
    kind: 'heatmap',
    title: `${title} for ${goal.name}`,
    width,
    height,
    values: map.data.slice(0, height * width),
    signed,
    ...(image.picture && { image: image.picture }),
    ...(least !== undefined && { least }),
    arrays: {
      ...(attribution && { attribution: toDeclaredLayout(float32(attribution, shape), image.input) }),
      map,
      ...more.arrays,
    },
    metrics: { ...more.metrics, ...goal.metrics },
    notes: more.notes ?? [],
  };
}

/** Whether nothing is in it: what can't be shown as a map, and has to be said. */
export const isZero = (values: Float32Array): boolean => values.every((value) => value === 0);

/** What is to be said where a gradient is zero everywhere. */
export const flatNotes = ({ name }: Pick<Goal, 'name'>, gradient: Float32Array): string[] =>
  isZero(gradient) ? [`The gradient is zero everywhere: ${name} does not react to small changes of this image.`] : [];
