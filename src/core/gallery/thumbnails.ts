import { cancelledError } from '../errors.ts';
import { encodePng } from '../images/png.ts';
import type { Gate } from '../gate.ts';
import type { Layer } from '../model.ts';
import type { Progress, RunRequest } from '../request.ts';
import type { ImagesResult } from '../results.ts';
import { runMethod } from '../run.ts';
import type { Session } from '../session.ts';
import { THUMBNAIL_METHOD, thumbnailParameters } from './thumbnail-recipe.ts';
import { ThumbnailStore } from './thumbnail-store.ts';

export interface ThumbnailsWanted {
  readonly session: Session;
  readonly layer: Layer;
  readonly units: readonly number[];
  /** Where they are kept between sessions. */
  readonly folder: string;
}

/** What is kept of the thumbnails: PNG files in the order of `units`, undefined for those that are missing. */
export const keptThumbnails = (wanted: ThumbnailsWanted): Promise<(Uint8Array | undefined)[]> =>
  new ThumbnailStore(wanted, wanted.folder).read(wanted.units);

/**
 * Small preferred stimuli of some units, PNG files in their order. Only those that are not kept yet are computed, in one batch, and
 * kept. Progress has those that are being made, as they are. Throws usage errors, and a cancelled error: half an optimisation is not
 * worth keeping.
 */
export async function* makeThumbnails(
  wanted: ThumbnailsWanted,
  signal: AbortSignal,
  gate?: Gate,
): AsyncGenerator<Progress, Uint8Array[]> {
  const { session, layer, units } = wanted;
  const store = new ThumbnailStore(wanted, wanted.folder);
  const pngs = new Map((await store.read(units)).map((png, i) => [units[i]!, png]));
  const missing = [...pngs].flatMap(([unit, png]) => (png ? [] : [unit]));
  if (missing.length > 0) {
    const request: RunRequest = {
      method: THUMBNAIL_METHOD,
      model: session.model.file,
      layer: layer.name,
      unit: `${missing.join(',')}-${missing.at(-1)}`,
      params: { ...thumbnailParameters(session, layer) },
    };
    const { result, provenance } = yield* runMethod(session, request, signal, gate);
    if (provenance.partial) throw cancelledError();
    const { tiles, width, height, rgb } = result as ImagesResult;
    const area = width * height * 3;
    for (const [n, { unit }] of tiles.entries()) {
      const png = encodePng({ width, height, rgb: rgb.subarray(n * area, (n + 1) * area) });
      pngs.set(unit, png);
      await store.write(unit, png);
    }
  }
  return units.map((unit) => pngs.get(unit)!);
}

/** Only how far it is, for whom nobody shows pictures on the way. */
export async function* withoutPictures<T>(run: AsyncGenerator<Progress, T>): AsyncGenerator<Progress, T> {
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
    yield { done: step.value.done, total: step.value.total };
  }
}
