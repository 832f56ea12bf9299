import type { HeatmapResult } from '../results.ts';
import { heatmap, type HeatmapParts } from './heatmap.ts';
import { reduceChannels, type Reduction } from './reduce.ts';

interface Reduced extends Omit<HeatmapParts, 'map' | 'signed'> {
  readonly attribution: Float32Array;
  readonly reduce: Reduction;
}

/** A heatmap whose map is the attribution reduced over the channels; it has signs where those were kept. */
export const reducedHeatmap = ({ reduce, ...parts }: Reduced): HeatmapResult =>
  heatmap({
    ...parts,
    map: reduceChannels(parts.attribution, parts.context.image.tensor.shape, reduce),
    signed: reduce === 'signed',
  });
