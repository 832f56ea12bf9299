import { basename } from 'node:path';
import { cancelledError, LayerscopeError, usageError } from '../errors.ts';
import type { Gate } from '../gate.ts';
import { summarize } from '../inspect.ts';
import { findLayer } from '../layers.ts';
import type { Progress } from '../request.ts';
import type { Session } from '../session.ts';
import { VERSION } from '../version.ts';
import { hasStimuli } from './layers.ts';
import { galleryPage } from './page.ts';
import { THUMBNAIL_METHOD, thumbnailParameters } from './thumbnail-recipe.ts';
import { keptThumbnails, makeThumbnails, type ThumbnailsWanted } from './thumbnails.ts';
import { unitNames } from './unit-names.ts';

export interface Gallery {
  /** A whole file. */
  readonly html: string;
  readonly pictures: number;
  /** Cancelled: it shows what was finished. */
  readonly partial: boolean;
}

/** What becomes of pictures that are not there yet. */
export type Missing = 'make' | 'leave out';

interface Asked {
  readonly layer: string;
  /** Where thumbnails are kept between sessions. */
  readonly folder: string;
  readonly missing?: Missing;
  readonly signal: AbortSignal;
  readonly gate?: Gate;
}

/** Pictures that are made together; as many are lost when it is cancelled. */
const BATCH = 12;

/**
 * What every channel of a layer prefers, as one self-contained HTML file. Pictures are kept, so that they are made once. Throws
 * usage errors; when cancelled, a cancelled error where no picture is there, else it shows what is.
 */
export async function* makeGallery(
  session: Session,
  { layer: name, folder, missing = 'make', signal, gate }: Asked,
): AsyncGenerator<Progress, Gallery> {
  const layer = findLayer(session, name);
  const model = summarize(session);
  const summary = model.layers.find((one) => one.name === layer.name)!;
  if (!hasStimuli(summary)) throw usageError(`Layer '${name}' has no channels that could be asked what they prefer.`);
  const units = Array.from({ length: summary.shape![0]! }, (_, unit) => unit);
  const wanted = { session, layer, units, folder };
  const pngs = missing === 'make' ? yield* allOf(wanted, signal, gate) : await keptThumbnails(wanted);
  const pictures = pngs.filter((png) => png !== undefined).length;
  if (pictures === 0)
    throw signal.aborted ? cancelledError() : usageError(`No picture of layer '${name}' is there yet.`);
  const names = unitNames(model, layer.name);
  const { steps, rate } = thumbnailParameters(session, layer);
  const html = galleryPage({
    model: basename(session.model.file),
    layer: layer.name,
    facts: [summary.kind, summary.shape!.join(' × ')],
    total: units.length,
    tiles: units.flatMap((unit) => (pngs[unit] ? [{ unit, label: names?.[unit], png: pngs[unit] }] : [])),
    made: `Activation maximisation (${THUMBNAIL_METHOD}), ${steps} steps at rate ${rate}, seed 0. Layerscope ${VERSION}.`,
  });
  return { html, pictures, partial: signal.aborted && pictures < units.length };
}

/** Makes what is missing, batch by batch; progress counts pictures. Cancelled, it gives what is there. */
async function* allOf(
  wanted: ThumbnailsWanted,
  signal: AbortSignal,
  gate: Gate | undefined,
): AsyncGenerator<Progress, (Uint8Array | undefined)[]> {
  const { units } = wanted;
  const pngs = await keptThumbnails(wanted);
  const missing = units.filter((_, i) => !pngs[i]);
  const total = units.length;
  let done = total - missing.length;
  yield { done, total };
  try {
    for (let from = 0; from < missing.length; from += BATCH) {
      const some = missing.slice(from, from + BATCH);
      const steps = makeThumbnails({ ...wanted, units: some }, signal, gate);
      let step = await steps.next();
      for (; !step.done; step = await steps.next())
        yield { done: done + (some.length * step.value.done) / step.value.total, total };
      step.value.forEach((png, i) => (pngs[some[i]!] = png));
      done += some.length;
      yield { done, total };
    }
  } catch (error) {
    if (!(error instanceof LayerscopeError && error.kind === 'cancelled')) throw error;
  }
  return pngs;
}
