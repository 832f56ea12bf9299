import type { Attribute, Shape } from '../core/graph/graph.ts';
import type { FormatId, Layout, Preprocessing, UnknownOperator } from '../core/model.ts';
import type { Description } from '../core/description.ts';
import type { FailureKind } from '../core/errors.ts';
import type { Result } from '../core/results.ts';
import type { Need } from '../core/visualizers/visualizer.ts';
import type { Parameters } from '../core/visualizers/parameters.ts';

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
  /** Whether it can be run: nothing before it is unknown. */
  readonly runnable: boolean;
}

export interface InputSummary {
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
}

export interface ModelSummary {
  readonly file: string;
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
  readonly needs: readonly Need[];
  readonly params: Parameters;
}

/** An image that a run works on: a file, or bytes that the webview decoded (browsers read more formats). */
export type ImageSource =
  | { readonly path: string }
  | { readonly name: string; readonly width: number; readonly height: number; readonly rgba: Uint8Array };

/** What the user says of a model; `layerscope.models` and the panel's *change* fill it in. */
export interface OpenOptions {
  readonly input?: Partial<Preprocessing>;
  readonly labels?: string | readonly string[];
  readonly sampleImages?: string;
  readonly engine?: string;
}

/** One run of a method: what the command line's options say. */
export interface RunRequest {
  readonly method: string;
  readonly model: string;
  readonly options?: OpenOptions;
  readonly layer?: string;
  /** As `--unit`: `3`, `3,7,9`, `3-11`, or one position `3,y,x`. */
  readonly unit?: string;
  /** Class number or label; default the predicted class. */
  readonly target?: number | string;
  readonly image?: ImageSource;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
}

/** What was run, in full: with it the same run can be made again. */
export interface Provenance {
  readonly method: string;
  readonly model: string;
  readonly sha256: string;
  readonly layer?: string;
  readonly unit?: string;
  readonly target?: number;
  readonly targetLabel?: string;
  readonly image?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  readonly partial?: boolean;
}

export interface RunResult {
  readonly result: Result;
  readonly provenance: Provenance;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The picture so far; sent at most a few times a second. */
  readonly partial?: Result;
}

/** Errors cross the border as values: a handler never throws. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly kind: FailureKind | 'defect' | 'crashed'; readonly message: string; readonly stack?: string };

export interface Thumbnails {
  readonly width: number;
  readonly height: number;
  /** PNG files, one a unit, in the order of `units`. */
  readonly pngs: readonly Uint8Array[];
  readonly units: readonly number[];
}

export interface ThumbnailRequest {
  readonly model: string;
  readonly options?: OpenOptions;
  readonly layer: string;
  readonly units: readonly number[];
  /** A folder where they are kept, by file hash, layer, parameters and version. */
  readonly cacheFolder: string;
  /** Only look: compute nothing. */
  readonly cachedOnly: boolean;
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

/** Extension → worker. Long calls take an id, by which progress comes and `cancel` goes. */
export interface WorkerApi {
  open(model: string, options?: OpenOptions): Promise<Reply<ModelSummary>>;
  methods(): Promise<Reply<readonly MethodSummary[]>>;
  classify(id: number, model: string, image: ImageSource, options?: OpenOptions): Promise<Reply<ImageSummary>>;
  /** With an image: activations. Without: filters, for the layers that have them. */
  previews(id: number, model: string, image?: ImageSource, options?: OpenOptions): Promise<Reply<readonly LayerPreview[]>>;
  run(id: number, request: RunRequest): Promise<Reply<RunResult>>;
  thumbnails(id: number, request: ThumbnailRequest): Promise<Reply<Thumbnails | undefined>>;
  cancel(id: number): Promise<void>;
  close(model: string): Promise<void>;
}

/** Worker → extension. */
export interface WorkerEvents {
  progress(id: number, progress: Progress): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}
