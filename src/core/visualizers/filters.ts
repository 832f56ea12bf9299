import { usageError } from '../errors.ts';
import type { ImagesResult, MosaicResult, Result, Tile } from '../results.ts';
import { combinationResult } from './combination-pictures.ts';
import { combinations } from './combinations.ts';
import { deadFilters, deadNotes } from './dead.ts';
import { colourKernels, inputMaps, kernelGrid, kernelRow, type Drawing } from './kernel-drawings.ts';
import { kernelsOf } from './kernels.ts';
import { integer, oneOf } from './parameters.ts';
import { tile } from './tiles.ts';
import { visualizer } from './visualizer.ts';

/** More tiles than this are not drawn; the raw array always has all. */
const MOST_TILES = 1024;

/**
 * A layer's kernels. Seeing the input's three channels: in colour, as a person sees them. Deeper: per filter, side by side, its
 * kernel for each input channel. A dense layer on a flattened map: that map for each unit.
 * Or, of any layer, its linear combinations: what its weights make of the filters below it, down to the input (`combinations`).
 * Filters that can't say anything are marked (`deadFilters`).
 * Arrays: `weights` O×I×H×W, all of them (dense: O×I×1×1); `combination` units×C×h×w in the input's units, where asked for.
 */
export const filters = visualizer({
  id: 'filters',
  title: 'Filters',
  description: 'The weights a layer has learned: what each of its units looks for in the channels below it.',
  source:
    'Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks, §4; Krizhevsky et al. 2012, fig. 3; combinations: Erhan, Bengio, Courville & Vincent 2009, §4.2',
  needs: ['layer', 'unit?'],
  showsValues: true,
  params: {
    show: oneOf(
      ['kernels', 'combination'],
      'The kernels as they are, or what they make of the filters below them, down to the input: a linear combination.',
      'Shown',
    ),
    pooling: oneOf(
      ['mean', 'centre'],
      'Combinations: what stands for a max-pool: the mean of its window, or its centre alone.',
      'A max-pool is',
    ),
    scale: oneOf(
      ['each', 'all'],
      'Colour filters: stretch each to the full range by itself, or all alike.',
      'Contrast of',
    ),
    arrange: oneOf(
      ['grid', 'row'],
      'Deeper layers: the kernels of one filter in a grid, or in one row.',
      'Arranged in a',
    ),
    inputs: integer({
      default: 16,
      min: 1,
      max: 4096,
      label: 'Input channels drawn',
      help: 'Deeper layers: how many input channels are drawn.',
    }),
  },
  async *run({ session, layer, units, params, signal }) {
    const kernels = kernelsOf(session, layer);
    const { weights, flattened, seesInput } = kernels;
    const [count, inputs, height, width] = weights.shape as readonly [number, number, number, number];
    const asked = units?.map(({ channel }) => channel) ?? Array.from({ length: count }, (_, i) => i);
    if (asked.some((unit) => unit >= count))
      throw usageError(`Layer '${layer.name}' has ${count} filters, 0 to ${count - 1}.`);
    const shown = asked.slice(0, MOST_TILES);
    const size = inputs * height * width;
    const why = deadFilters(session.model, layer, weights);
    const all = Array.from({ length: count }, (_, unit): Tile => {
      const own = tile(unit, String(unit), weights.data, unit * size, size);
      return why[unit] ? { ...own, dead: why[unit] } : own;
    });
    const tiles = shown.map((unit) => all[unit]!);
    const notes = deadNotes(why, 'filters');
    if (shown.length < asked.length) notes.unshift(`The first ${shown.length} of ${asked.length} filters are drawn.`);
    const common = {
      title: `Filters of ${layer.name}`,
      arrays: { weights },
      metrics: {
        filters: count,
        inputs,
        min: Math.min(...all.map(({ min }) => min)),
        max: Math.max(...all.map(({ max }) => max)),
        norm: all.map(({ norm }) => norm),
        dead: why.flatMap((reason, unit) => (reason ? [unit] : [])),
      },
    };
    const bgr = session.description.input.channels === 'BGR';
    const mosaic = (drawing: Drawing): MosaicResult => ({
      ...common,
      kind: 'mosaic',
      tiles,
      width: drawing.width,
      height: drawing.height,
      values: drawing.values,
      signed: true,
      notes: [...notes, ...drawing.notes],
    });

    if (params.show === 'combination') {
      for await (const found of combinations(session, layer, shown, params.pooling, signal)) {
        const { done, total } = found;
        const result = combinationResult({ ...common, notes }, found, tiles, { each: params.scale === 'each', bgr });
        yield { done, total, result };
      }
      return;
    }
    const draw = (): Result => {
      if (seesInput && inputs === 3 && height * width > 1) {
        const rgb = colourKernels(weights, shown, params.scale === 'each', bgr);
        return { ...common, kind: 'images', tiles, width, height, rgb, notes } satisfies ImagesResult;
      }
      if (flattened) return mosaic(inputMaps(weights, shown, flattened.shape, flattened.order));
      if (height * width === 1) return mosaic(kernelGrid(weights, shown, inputs));
      const drawn = params.arrange === 'row' ? kernelRow : kernelGrid;
      return mosaic(drawn(weights, shown, Math.min(params.inputs, inputs)));
    };
    yield { done: 1, total: 1, result: draw() };
  },
});
