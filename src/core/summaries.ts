import type { Description } from './description.ts';
import type { Attribute, Shape } from './graph/graph.ts';
import type { FormatId, Layout, UnknownOperator } from './model.ts';
import type { Parameters } from './visualizers/parameters.ts';
import type { Need, PictureCount, Preset } from './visualizers/visualizer.ts';

/** A layer as `inspect` tells it. Everything here crosses process borders: plain data only. */
export interface LayerSummary {
  readonly name: string;
  readonly kind: string;
  /** Of one image, without the batch: C×H×W, or features; undefined behind an unknown operator. */
  readonly shape: Shape | undefined;
  readonly parameters: number;
  /** Floating-point operations for one image. */
  readonly flops: number;
  /** In pixels of the input: how much of it one position sees, and how far neighbours are apart. */
  readonly receptiveField?: { readonly size: readonly [number, number]; readonly stride: readonly [number, number] };
  /** Facts of its operator that a person asks for: kernel, strides, pads, groups. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
  /** The block it belongs to (`fire2`), where several layers share the beginning of their names. */
  readonly block?: string;
  /** Whether it has a kernel to show. */
  readonly hasFilters: boolean;
  /** Whether methods can look at it: nothing of the model is missing, nothing before it unknown, and each image has its own entry. */
  readonly runnable: boolean;
}

export interface InputSummary {
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
}

export interface ModelSummary {
  readonly file: string;
  /** The paths of the other files that it consists of: shards of weights, say. */
  readonly parts: readonly string[];
  readonly format: FormatId;
  readonly formatTitle: string;
  readonly sha256: string;
  readonly inputs: readonly InputSummary[];
  readonly outputs: readonly string[];
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly flops: number;
  readonly unknown: readonly UnknownOperator[];
  readonly warnings: readonly string[];
  /** As of the model: why nothing of it runs, and what to do, in a line from a small letter on. */
  readonly missing?: string;
  readonly description: Description;
  /** Class count of the last layer, where the model is a classifier. */
  readonly classes?: number;
  readonly engine: string;
}

export interface MethodSummary {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  /** The question that it answers: methods of one question share a tab. */
  readonly question: string;
  /** Whether its result is a map of which pixels matter, which can be compared with others, tested and looked at in parts. */
  readonly attribution: boolean;
  /** Whether it makes pictures step by step, in which case it waits to be asked. */
  readonly recipe: boolean;
  readonly needs: readonly Need[];
  /** As a visualizer declares it. */
  readonly measures?: 'slope' | 'share';
  readonly params: Parameters;
  readonly presets: readonly Preset[];
  readonly perUnit: readonly PictureCount[];
}

/** The strongest channels of every layer for an image: the graph's little pictures. */
export interface LayerPreview {
  readonly layer: string;
  readonly width: number;
  readonly height: number;
  readonly units: readonly number[];
  /** units × height × width, each scaled by itself to 0..255; or × 3 where `colour`. */
  readonly tiles: Uint8Array;
  readonly colour: boolean;
}

export interface Prediction {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
  readonly score: number;
}

/** The image as the network gets it, and what it makes of it. */
export interface ImageSummary {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** RGB, at the input's size. */
  readonly rgb: Uint8Array;
  readonly top: readonly Prediction[];
  /** Of the forward pass. */
  readonly milliseconds: number;
}
