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
}

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
}

export interface TableResult extends Common {
  readonly kind: 'table';
  readonly columns: readonly { readonly name: string; readonly unit?: string }[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Raw values with what is needed to show them; colour maps and percentiles are applied where it is shown. */
export type Result = MosaicResult | ImagesResult | HeatmapResult | TableResult;
