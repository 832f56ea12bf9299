import { keptThumbnails, makeThumbnails, withoutPictures } from '../core/gallery/thumbnails.ts';
import { unitNames } from '../core/gallery/unit-names.ts';
import type { Gate } from '../core/gate.ts';
import { summarize } from '../core/inspect.ts';
import { findLayer } from '../core/layers.ts';
import type { Progress } from '../core/request.ts';
import type { Session } from '../core/session.ts';
import type { Thumbnail, ThumbnailRequest } from '../protocol/worker.ts';
import { hoverTiles } from './hover-tiles.ts';

/** Drives what takes steps to its end. */
export type Drive = <T>(run: AsyncGenerator<Progress, T>) => Promise<T>;

/** How a call is told to stop or to wait, and how it goes on. */
export interface Course {
  readonly signal: AbortSignal;
  readonly gate?: Gate;
  readonly drive: Drive;
}

/** A layer's thumbnails as a hover shows them; with `cachedOnly` nothing is computed, and undefined says that some are missing. */
export async function thumbnails(
  session: Session,
  { layer: name, units, cacheFolder: folder, cachedOnly }: ThumbnailRequest,
  { signal, gate, drive }: Course,
): Promise<readonly Thumbnail[] | undefined> {
  const wanted = { session, layer: findLayer(session, name), units, folder };
  const kept = await keptThumbnails(wanted);
  if (cachedOnly && kept.includes(undefined)) return undefined;
  const pngs = await drive(withoutPictures(makeThumbnails(wanted, signal, gate)));
  const names = unitNames(summarize(session), name);
  const pictures = await hoverTiles(pngs);
  return units.map((unit, i) => ({ unit, ...(names && { label: names[unit]! }), picture: pictures[i]! }));
}
