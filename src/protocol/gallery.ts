import type { AllThumbnails } from '../core/gallery/all-layers.ts';
import type { Missing } from '../core/gallery/make-gallery.ts';
import type { ImageSource, OpenOptions, Progress } from '../core/request.ts';
import type { Reply } from './reply.ts';

export type { AllThumbnails } from '../core/gallery/all-layers.ts';

/** Of a model's thumbnails, which are kept in a folder by file hash, layer, parameters and version. */
export interface ModelThumbnails {
  readonly model: string;
  readonly options?: OpenOptions;
  readonly cacheFolder: string;
}

export interface TilesRequest extends ModelThumbnails {
  readonly layer: string;
  readonly units: readonly number[];
  /** Makes what is missing, while nobody waits for anything else; else only looks. */
  readonly compute: boolean;
}

export interface GalleryRequest extends ModelThumbnails {
  readonly layer: string;
  readonly missing?: Missing;
}

/** A gallery as one HTML file; `partial`: cancelled, it shows what was finished. */
export interface GalleryFile {
  readonly html: string;
  readonly pictures: number;
  readonly partial: boolean;
}

/** Extension → worker, what galleries need. */
export interface GalleryWorkerApi {
  /** PNG files in the order of `units`; undefined where there is none yet. Progress has those that are being made. */
  tiles(id: number, request: TilesRequest): Promise<Reply<readonly (Uint8Array | undefined)[]>>;
  /** How strongly each unit answers to an image: √Σa² over its map. */
  strengths(
    id: number,
    model: string,
    layer: string,
    image: ImageSource,
    options?: OpenOptions,
  ): Promise<Reply<readonly number[]>>;
  /** The first few thumbnails of every layer; progress counts layers. Goes on where it was left. */
  allThumbnails(id: number, request: ModelThumbnails): Promise<Reply<AllThumbnails>>;
  /** All of a layer, missing pictures made first or left out; progress counts pictures. */
  gallery(id: number, request: GalleryRequest): Promise<Reply<GalleryFile>>;
}

/** What a gallery needs to come back after a reload of the window; kept by `setState`. */
export interface GalleryState {
  readonly model: string;
  readonly layer: string;
  /** Path of the image by whose activations it can be sorted, where it is a file. */
  readonly image?: string;
}

/** What a page is told of its layer. */
export interface GalleryLayer {
  readonly state: GalleryState;
  /** Kind and shape. */
  readonly facts: readonly string[];
  readonly count: number;
  /** Of units that are classes. */
  readonly names?: readonly string[];
  /** Name of the image by whose activations it can be sorted. */
  readonly image?: string;
}

/** Webview → extension (birpc over postMessage), of one layer of one model. */
export interface GalleryHostApi {
  /** Called once, when the page stands. */
  ready(): Promise<Reply<GalleryLayer>>;
  tiles(id: number, units: readonly number[], compute: boolean): Promise<Reply<readonly (Uint8Array | undefined)[]>>;
  strengths(id: number): Promise<Reply<readonly number[]>>;
  /** Asks for an image to sort by; its name, or undefined when the user leaves the choice. */
  chooseImage(): Promise<string | undefined>;
  cancel(id: number): Promise<void>;
  pause(id: number, paused: boolean): Promise<void>;
  /** Shows a unit in the panel of the model. */
  openUnit(unit: number): Promise<void>;
  /**
   * Asks what to do about missing pictures, where there are some, and where to; makes the file and writes it. Its path and what is in
   * it, or undefined when the user leaves a dialog. `there`: pictures that the page has; `left`: how long the others take.
   */
  save(id: number, there: number, left?: string): Promise<Reply<string | undefined>>;
}

/** Extension → webview. */
export interface GalleryApi {
  progress(id: number, progress: Progress): void;
}
