import { thumbnailsOfAllLayers } from '../core/gallery/all-layers.ts';
import { makeGallery } from '../core/gallery/make-gallery.ts';
import { keptThumbnails, makeThumbnails } from '../core/gallery/thumbnails.ts';
import { findLayer } from '../core/layers.ts';
import type { ImageSource } from '../core/request.ts';
import { runMethod } from '../core/run.ts';
import type { Session } from '../core/session.ts';
import type { AllThumbnails, GalleryFile, GalleryRequest, ModelThumbnails, TilesRequest } from '../protocol/gallery.ts';
import type { Course } from './thumbnails.ts';

/** Thumbnails of some units of a layer: PNG files in their order, undefined for those that are missing and not to be made. */
export async function tiles(
  session: Session,
  { layer, units, cacheFolder: folder, compute }: TilesRequest,
  { signal, gate, drive }: Course,
): Promise<readonly (Uint8Array | undefined)[]> {
  const wanted = { session, layer: findLayer(session, layer), units, folder };
  const pngs = await (compute ? drive(makeThumbnails(wanted, signal, gate)) : keptThumbnails(wanted));
  return pngs.map((png) => png && new Uint8Array(png)); // a Buffer would reach the page as JSON
}

export const allThumbnails = (
  session: Session,
  { cacheFolder: folder }: ModelThumbnails,
  { signal, gate, drive }: Course,
): Promise<AllThumbnails> => drive(thumbnailsOfAllLayers(session, { folder, signal, ...(gate && { gate }) }));

export const gallery = (
  session: Session,
  { layer, cacheFolder: folder, missing = 'make' }: GalleryRequest,
  { signal, gate, drive }: Course,
): Promise<GalleryFile> => drive(makeGallery(session, { layer, folder, missing, signal, ...(gate && { gate }) }));

/** How strongly each unit of a layer answers to an image: √Σa² over its map, by unit. */
export async function strengths(
  session: Session,
  { layer, image }: { readonly layer: string; readonly image: ImageSource },
  { signal, drive }: Course,
): Promise<readonly number[]> {
  const request = { method: 'activations', model: session.model.file, layer, image };
  const { result } = await drive(runMethod(session, request, signal));
  return result.kind === 'mosaic' ? result.tiles.map(({ norm }) => norm) : [];
}
