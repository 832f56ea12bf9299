import type {
  BoxesResult,
  CurveResult,
  HeatmapResult,
  MosaicResult,
  Picture,
  Result,
  TableResult,
  Tile,
} from '../results.ts';
import { drawBoxes } from './boxes.ts';
import { drawChart, stack } from './chart.ts';
import { drawGraph } from './graph-drawing.ts';
import type { ColourMap } from './colour-maps.ts';
import { enlarge, mosaic, overlay, paintMap, struckThrough } from './paint.ts';
import { pictureTiles } from './picture-tiles.ts';
import { range, type Range } from './range.ts';

export interface RenderOptions {
  /** Default viridis (inferno over a picture), RdBu for signed values. */
  readonly map?: ColourMap;
  /** How much of the values the colours spread over; default 100, 99 for a heatmap. */
  readonly percentile?: number;
  /** Of a map over its picture, 0..1. */
  readonly opacity?: number;
  /** Each tile's colours over its own values, or over those of all; values without extent are always shared. */
  readonly scale?: 'own' | 'shared';
  /** Of the page that it will lie on: the colour of the gaps. */
  readonly background?: 'light' | 'dark';
}

const GAP = 2;
/** Tiles smaller than this are shown larger, each pixel as a square of whole pixels. */
const TILE = 64;
const PICTURE = 224;
/** A mosaic is not made larger than this many pixels. */
const MOST_PIXELS = 16e6;

/** A result as one picture, the same wherever it is drawn; undefined for a table. */
export function renderResult(result: Exclude<Result, TableResult>, options?: RenderOptions): Picture;
export function renderResult(result: Result, options?: RenderOptions): Picture | undefined;
export function renderResult(result: Result, options: RenderOptions = {}): Picture | undefined {
  switch (result.kind) {
    case 'mosaic':
      return sheet(mapTiles(result, options), result.tiles, options);
    case 'images':
      return sheet(pictureTiles(result), result.tiles, options);
    case 'heatmap':
      return heatmap(result, options);
    case 'curve':
      return curves(result, options);
    case 'boxes':
      return boxes(result);
    case 'graph':
      return drawGraph(result, options.background);
    case 'table':
      return undefined;
  }
}

function mapTiles(result: MosaicResult, options: RenderOptions): Picture[] {
  const { tiles, width, height, values, signed } = result;
  const map = options.map ?? (signed ? 'RdBu' : 'viridis');
  const limits = { signed, percentile: options.percentile ?? 100 };
  const area = width * height;
  const shared = options.scale === 'shared' || area === 1 ? range(values, limits) : undefined;
  return tiles.map((_, n) => {
    const own = values.subarray(n * area, (n + 1) * area);
    const [low, high]: Range = shared ?? range(own, limits);
    return { width, height, rgb: paintMap(own, { low, high, map }) };
  });
}

function heatmap({ values, width, height, signed, image, least }: HeatmapResult, options: RenderOptions): Picture {
  const map = options.map ?? (signed ? 'RdBu' : image ? 'inferno' : 'viridis');
  const [low, high] = range(values, { signed, percentile: options.percentile ?? 99, least });
  const painted = { width, height, rgb: paintMap(values, { low, high, map }) };
  const picture = image ? overlay(image, painted, options.opacity ?? 0.75) : painted;
  return enlarge(picture, timesToFill(picture, PICTURE));
}

const curves = (result: CurveResult, { background }: RenderOptions): Picture =>
  stack(
    [result, ...(result.also ?? [])].map((chart) => drawChart(chart, background)),
    background,
  );

const boxes = (result: BoxesResult): Picture => drawBoxes(result, timesToFill(result, PICTURE));

/** In rows; what is dead is struck through. */
function sheet(pictures: readonly Picture[], units: readonly Tile[], { background }: RenderOptions): Picture {
  const [first] = pictures;
  const room = first ? Math.sqrt(MOST_PIXELS / (pictures.length * first.width * first.height)) : 1;
  const times = first ? Math.max(1, Math.min(timesToFill(first, TILE), Math.floor(room))) : 1;
  const tiles = pictures.map((picture, i) => {
    const large = enlarge(picture, times);
    return units[i]?.dead ? struckThrough(large) : large;
  });
  return mosaic(tiles, { gap: GAP, background: background === 'dark' ? 30 : 255 });
}

/** How many times as large a picture smaller than `size` is to be. */
const timesToFill = ({ width, height }: Pick<Picture, 'width' | 'height'>, size: number) =>
  Math.max(1, Math.floor(size / Math.max(width, height)));
