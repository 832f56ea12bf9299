import { explanation } from '../attribution/explain.ts';
import type { HeatmapResult, Series } from '../results.ts';
import type { Context, Visualizer } from '../visualizers/visualizer.ts';
import { randomised, spread, weightedLayers } from './randomise.ts';
import { rankCorrelation, structuralSimilarity } from './similarity.ts';

export interface Randomisation {
  /** `nothing`, then the layer down to which all are random. */
  readonly places: readonly string[];
  /** Spearman's rank correlation of the maps' magnitudes, and their SSIM: both with the map of the network itself. */
  readonly rank: Series;
  readonly ssim: Series;
}

/**
 * How much of a map stays when the network forgets, layer by layer from the top down (cascading): a map that hardly changes is not
 * about what was learned. Adebayo, Gilmer, Muelly, Goodfellow, Hardt & Kim 2018, Sanity Checks for Saliency Maps, §3. At
 * `count` layers, evenly spread; the same class or unit throughout. Yields what is found so far. Memory: beside the method's own, the
 * network's weights once more.
 */
export async function* randomisation(
  context: Context,
  method: Visualizer,
  explained: HeatmapResult,
  count: number,
): AsyncGenerator<{ readonly done: number; readonly total: number; readonly found: Randomisation }, void, void> {
  const { session, units, output, layer, seed } = context;
  const layers = weightedLayers(session, units ? layer.output : output);
  const stops = spread(layers, count);
  const own = explained.values.map(Math.abs);
  const { width, height } = explained;
  const places = ['nothing'];
  const [ranks, ssims] = [[1], [1]];
  for (const stop of stops) {
    const other = randomised(session, layers.slice(0, layers.indexOf(stop) + 1), seed);
    try {
      const map = (await explanation({ ...context, ...placed(context, explained), session: other }, method)).values;
      const magnitudes = map.map(Math.abs);
      places.push(stop.name);
      ranks.push(rankCorrelation(own, magnitudes));
      ssims.push(structuralSimilarity(own, magnitudes, width, height));
    } finally {
      await other.dispose();
    }
    const x = Float32Array.from(places, (_, i) => i);
    const found = {
      places: [...places],
      rank: { name: 'rank correlation', x, y: Float32Array.from(ranks) },
      ssim: { name: 'SSIM', x, y: Float32Array.from(ssims) },
    };
    yield { done: places.length - 1, total: stops.length, found };
  }
}

/** The unit where it was strongest in the network itself, as the map says: the question stays the same. */
export function placed({ units }: Pick<Context, 'units'>, { metrics }: HeatmapResult): Partial<Context> {
  const unit = metrics['unit'];
  if (!units || !Array.isArray(unit)) return {};
  const [channel, y, x] = unit as [number, number?, number?];
  return { units: [{ channel, ...(y !== undefined && x !== undefined && { position: { y, x } }) }] };
}
