import { explanation } from '../attribution/explain.ts';
import { isZero } from '../attribution/heatmap.ts';
import type { Layer } from '../model.ts';
import type { HeatmapResult, Series } from '../results.ts';
import type { AskedMethod } from '../visualizers/asked-method.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { randomised, spread, weightedLayers } from './randomise.ts';
import { rankCorrelation, structuralSimilarity } from './similarity.ts';

const DRAWS = 8;

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
  asked: AskedMethod,
  explained: HeatmapResult,
  count: number,
): AsyncGenerator<{ readonly done: number; readonly total: number; readonly found: Randomisation }, void, void> {
  const { session, units, output, layer } = context;
  const layers = weightedLayers(session, units ? layer.output : output);
  const stops = spread(layers, count);
  const own = explained.values.map(Math.abs);
  const { width, height } = explained;
  const places = ['nothing'];
  const [ranks, ssims] = [[1], [1]];
  for (const stop of stops) {
    const changed = layers.slice(0, layers.indexOf(stop) + 1);
    const magnitudes = await mapOf(context, asked, explained, changed);
    places.push(stop.name);
    ranks.push(rankCorrelation(own, magnitudes));
    ssims.push(structuralSimilarity(own, magnitudes, width, height));
    const x = Float32Array.from(places, (_, i) => i);
    const found = {
      places: [...places],
      rank: { name: 'rank correlation', x, y: Float32Array.from(ranks) },
      ssim: { name: 'SSIM', x, y: Float32Array.from(ssims) },
    };
    yield { done: places.length - 1, total: stops.length, found };
  }
}

/** Of a network whose answer is dead, the map is zero and says nothing: then another one is drawn, a few times. */
async function mapOf(
  context: Context,
  { method, params }: AskedMethod,
  explained: HeatmapResult,
  layers: readonly Layer[],
) {
  for (let draw = 0; ; draw++) {
    const session = randomised(context.session, layers, context.seed, draw);
    try {
      const { values } = await explanation({ ...context, ...placed(context, explained), session }, method, params);
      if (draw + 1 === DRAWS || !isZero(values)) return values.map(Math.abs);
    } finally {
      await session.dispose();
    }
  }
}

/** The unit where it was strongest in the network itself, as the map says: the question stays the same. */
export function placed({ units }: Pick<Context, 'units'>, { metrics }: HeatmapResult): Partial<Context> {
  const unit = metrics['unit'];
  if (!units || !Array.isArray(unit)) return {};
  const [channel, y, x] = unit as [number, number?, number?];
  return { units: [{ channel, ...(y !== undefined && x !== undefined && { position: { y, x } }) }] };
}
