import { LayerscopeError } from '../errors.ts';
import type { Gate } from '../gate.ts';
import { summarize } from '../inspect.ts';
import { findLayer } from '../layers.ts';
import type { Progress } from '../request.ts';
import type { Session } from '../session.ts';
import { firstUnits, hasStimuli } from './layers.ts';
import { keptThumbnails, makeThumbnails, type ThumbnailsWanted } from './thumbnails.ts';

/** What is there in the end: layers with thumbnails, and those that can't have any. */
export interface AllThumbnails {
  readonly layers: number;
  readonly skipped: number;
}

/**
 * The first few thumbnails of every layer, from the input up, each kept as soon as it is there. Progress counts layers, those
 * that were kept already first. Throws a cancelled error; a layer that does not see one picture, or that no
 * gradient comes back from, is passed over.
 */
export async function* thumbnailsOfAllLayers(
  session: Session,
  { folder, signal, gate }: { readonly folder: string; readonly signal: AbortSignal; readonly gate?: Gate },
): AsyncGenerator<Progress, AllThumbnails> {
  const all = summarize(session).layers.filter(hasStimuli);
  const missing: ThumbnailsWanted[] = [];
  let skipped = 0;
  for (const summary of all) {
    const wanted = { session, layer: findLayer(session, summary.name), units: firstUnits(summary), folder };
    const kept = await possible(() => keptThumbnails(wanted));
    if (!kept) skipped++;
    else if (kept.includes(undefined)) missing.push(wanted);
  }
  const total = all.length - skipped;
  const before = total - missing.length;
  yield { done: before, total };
  for (const [i, wanted] of missing.entries()) {
    try {
      const steps = makeThumbnails(wanted, signal, gate);
      for (let step = await steps.next(); !step.done; step = await steps.next())
        yield { done: before + i + step.value.done / step.value.total, total };
    } catch (error) {
      if (!isUsage(error)) throw error;
      skipped++;
    }
    yield { done: before + i + 1, total };
  }
  return { layers: all.length - skipped, skipped };
}

/** What the work gives; undefined where a usage error says that it can't be done. */
async function possible<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isUsage(error)) throw error;
    return undefined;
  }
}

const isUsage = (error: unknown): boolean => error instanceof LayerscopeError && error.kind === 'usage';
