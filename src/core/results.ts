import type { Tensor } from './graph/tensor.ts';

/** A picture ready to be seen: RGB bytes, height × width × 3. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** One tile of a mosaic: a unit of the layer. */
export interface Tile {
  readonly unit: number;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** √Σv² */
  readonly norm: number;
  /** Why the unit says nothing; see `visualizers/dead.ts`. */
  readonly dead?: Dead;
  /** Of pictures made with different settings: the parameters that make this one by itself. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

/** `zero`: it has no weights to speak of. `never`: no image makes it answer. `silent`: these images don't. */
export type Dead = 'zero' | 'never' | 'silent';

interface Common {
  readonly title: string;
  /** By name, what `--raw` writes (`activation` → `activation.npy`). */
  readonly arrays: Readonly<Record<string, Tensor>>;
  readonly metrics: Readonly<Record<string, number | readonly number[]>>;
  /** What a user should know to read it, a sentence each. */
  readonly notes: readonly string[];
}

/** Scalar maps of one size, tile by tile; a colour map is applied where it is shown. */
export interface MosaicResult extends Common {
  readonly kind: 'mosaic';
  readonly tiles: readonly Tile[];
  readonly width: number;
  readonly height: number;
  /** tiles × height × width */
  readonly values: Float32Array;
  /** Values on both sides of zero mean opposite things: shown with a diverging colour map. */
  readonly signed: boolean;
  /** What the maps lie over, where that is a picture. */
  readonly image?: Picture;
}

/** Colour pictures of one size. */
export interface ImagesResult extends Common {
  readonly kind: 'images';
  readonly tiles: readonly Tile[];
  readonly width: number;
  readonly height: number;
  /** tiles × height × width × 3 */
  readonly rgb: Uint8Array;
  /** How what was climbed changed step by step, where the pictures were made so. */
  readonly history?: History;
  /** What is to be seen of the pictures together. */
  readonly matrices?: readonly PictureMatrix[];
}

/** Values of pictures: one row each. */
export interface PictureMatrix {
  /** As its file is called. */
  readonly name: string;
  readonly title: string;
  /** What a column is: a picture again, or a unit. */
  readonly columns: 'pictures' | 'units';
  /** pictures × columns */
  readonly values: Float32Array;
  /** What the colours spread over. */
  readonly range: readonly [low: number, high: number];
  /** Columns that are pointed at. */
  readonly marked?: readonly number[];
}

/** A value over the steps that a picture took, picture by picture; thinned where there are many steps. */
export interface History {
  /** Of what: objective, loss, distance. */
  readonly name: string;
  /** By picture; `x`: steps, from 1. */
  readonly curves: readonly Pick<Series, 'x' | 'y'>[];
}

/** One map over the picture it explains. */
export interface HeatmapResult extends Common {
  readonly kind: 'heatmap';
  readonly width: number;
  readonly height: number;
  /** height × width */
  readonly values: Float32Array;
  readonly signed: boolean;
  readonly image?: Picture;
  /** The magnitude that colours reach at least, where the map's own would make much of next to nothing. */
  readonly least?: number;
}

export interface TableResult extends Common {
  readonly kind: 'table';
  readonly columns: readonly { readonly name: string; readonly unit?: string }[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Beneath it, of one size; one with a column's name beneath that column. */
  readonly pictures?: readonly { readonly label: string; readonly picture: Picture }[];
}

/** One line of a chart; `x` ascends, `y` is as long. */
export interface Series {
  readonly name: string;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Under the line, where that means something. */
  readonly area?: number;
}

interface Axis {
  readonly name: string;
  readonly unit?: string;
  /** What it spans, so that charts can be compared; default as far as the values go. */
  readonly extent?: readonly [low: number, high: number];
}

/** Lines over common axes. */
export interface Chart {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Names of the places on the x axis, where it counts things: the first is at 0, the next at 1. */
  readonly places?: readonly string[];
}

/** Curves; `also` has further charts, whose axes mean something else. */
export interface CurveResult extends Common, Chart {
  readonly kind: 'curve';
  readonly title: string;
  readonly also?: readonly Chart[];
}

/** A rectangle in pixels: from x0, y0 up to, not including, x1, y1. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly label: string;
}

/** Where something is: its pixels, and boxes around them. */
export interface BoxesResult extends Common {
  readonly kind: 'boxes';
  readonly width: number;
  readonly height: number;
  /** height × width, of 0 and 1. */
  readonly mask: Uint8Array;
  readonly boxes: readonly Box[];
  readonly image?: Picture;
}

/** A layer as a box of a drawing: what it is called, and what it costs. */
export interface GraphBox {
  readonly name: string;
  readonly kind: string;
  /** Of one image; undefined where it is not known. */
  readonly shape?: readonly number[];
  readonly parameters: number;
  /** Floating-point operations for one image. */
  readonly flops: number;
  /** Height and width, in pixels of the input. */
  readonly receptiveField?: readonly [number, number];
  readonly block?: string;
}

/** What a box's size may tell. */
export type BoxSize = 'shape' | 'receptive-field' | 'parameters' | 'flops';

/** A network: its layers in their order, and which feeds which. */
export interface GraphResult extends Common {
  readonly kind: 'graph';
  readonly boxes: readonly GraphBox[];
  /** By name. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly size: BoxSize;
}

/** Raw values with what is needed to show them; colour maps and percentiles are applied where it is shown. */
export type Result =
  MosaicResult | ImagesResult | HeatmapResult | TableResult | CurveResult | BoxesResult | GraphResult;
