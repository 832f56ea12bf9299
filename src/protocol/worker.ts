import type { Connections } from '../core/connections/connections.ts';
import type { ModelComparison } from '../core/comparison/compare.ts';
import type { LiveFrame } from '../core/live/frame.ts';
import type { ReportRequest } from '../core/report/collect.ts';
import type { ImageSource, OpenOptions, Progress, RunRequest, RunResult } from '../core/request.ts';
import type { ImageSummary, LayerPreview, MethodSummary, ModelSummary } from '../core/summaries.ts';
import type { GalleryWorkerApi } from './gallery.ts';
import type { Reply } from './reply.ts';

export type * from '../core/connections/connections.ts';
export type { ModelComparison } from '../core/comparison/compare.ts';
export type { LiveFrame } from '../core/live/frame.ts';
export type { ReportRequest } from '../core/report/collect.ts';
export type * from '../core/request.ts';
export type * from '../core/summaries.ts';
export type { Preset } from '../core/visualizers/visualizer.ts';
export type { Reply } from './reply.ts';

/** A JPEG file, small enough for a hover. */
export interface HoverPicture {
  readonly width: number;
  readonly height: number;
  readonly jpeg: Uint8Array;
}

/** What a unit of a layer prefers, as a hover shows it. */
export interface Thumbnail {
  readonly unit: number;
  /** Of a unit that is a class: what it is called. */
  readonly label?: string;
  readonly picture: HoverPicture;
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

/** Extension → worker. Long calls take an id, by which progress comes and `cancel` goes. */
export interface WorkerApi extends GalleryWorkerApi {
  open(model: string, options?: OpenOptions): Promise<Reply<ModelSummary>>;
  methods(): Promise<Reply<readonly MethodSummary[]>>;
  classify(id: number, model: string, image: ImageSource, options?: OpenOptions): Promise<Reply<ImageSummary>>;
  /** With an image: activations. Without: filters, for the layers that have them. */
  previews(
    id: number,
    model: string,
    image?: ImageSource,
    options?: OpenOptions,
  ): Promise<Reply<readonly LayerPreview[]>>;
  /** The units that a unit of a layer is connected to most strongly. */
  connections(model: string, layer: string, unit: number, options?: OpenOptions): Promise<Reply<Connections>>;
  /** What a layer answers to a frame; a short call, between the steps of long ones. */
  live(id: number, model: string, layer: string, frame: ImageSource, options?: OpenOptions): Promise<Reply<LiveFrame>>;
  /** The same view of two models (`request.with`), without `arrays`; `options`: of the other one. */
  compare(id: number, request: RunRequest, options?: OpenOptions): Promise<Reply<ModelComparison>>;
  /** The result comes without its `arrays`: what is shown needs `values` or `rgb` alone. */
  run(id: number, request: RunRequest): Promise<Reply<RunResult>>;
  /** One image by every method: a whole HTML file. */
  report(id: number, request: ReportRequest): Promise<Reply<string>>;
  /** Undefined: not in the cache, and `cachedOnly`. */
  thumbnails(id: number, request: ThumbnailRequest): Promise<Reply<readonly Thumbnail[] | undefined>>;
  cancel(id: number): Promise<void>;
  /** A run that is paused waits after its next step, while others run; cancelled, it keeps what is there. */
  pause(id: number, paused: boolean): Promise<void>;
  close(model: string): Promise<void>;
}

/** Worker → extension. */
export interface WorkerEvents {
  progress(id: number, progress: Progress): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}
