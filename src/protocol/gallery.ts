import type { AllThumbnails } from '../core/gallery/all-layers.ts';
import type { ImageSource, OpenOptions } from '../core/request.ts';
import type { Reply } from './worker.ts';

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
}

/** A gallery as one HTML file; `partial`: cancelled, it shows what was finished. */
export interface GalleryFile {
  readonly html: string;
  readonly pictures: number;
  readonly partial: boolean;
}

/** Extension → worker, what galleries need. */
export interface GalleryWorkerApi {
  /** PNG files in the order of `units`; undefined where there is none yet. */
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
  /** All of a layer, missing pictures made first; progress counts pictures. */
  gallery(id: number, request: GalleryRequest): Promise<Reply<GalleryFile>>;
}
