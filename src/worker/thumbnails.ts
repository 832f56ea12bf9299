import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cancelledError } from '../core/errors.ts';
import { encodePng } from '../core/images/png.ts';
import { resize } from '../core/images/resize.ts';
import type { Progress, RunRequest, RunResult } from '../core/request.ts';
import type { ImagesResult, Picture } from '../core/results.ts';
import { runMethod } from '../core/run.ts';
import type { Session } from '../core/session.ts';
import { VERSION } from '../core/version.ts';
import type { ThumbnailRequest, Thumbnails } from '../protocol/worker.ts';
import { contactSheet } from './contact-sheet.ts';

/** Pixels of a thumbnail's side. */
const SIZE = 128;

/** Drives a run to its end. */
type Drive = (run: AsyncGenerator<Progress, RunResult>) => Promise<RunResult>;

const METHOD = 'activation-maximisation';
/** Fewer steps than in the panel: at this size the rest is not seen. */
const PARAMETERS = { steps: 192 };

/**
 * Preferred stimuli of some channels, small, kept on disk by file hash, layer, unit, parameters and version. Only the
 * missing ones are computed, in one batch; with `cachedOnly` none are, and undefined says that some are missing.
 */
export async function thumbnails(
  session: Session,
  request: ThumbnailRequest,
  signal: AbortSignal,
  drive: Drive,
): Promise<Thumbnails | undefined> {
  const files = request.units.map((unit) => cacheFile(session, request, unit));
  const kept = await Promise.all(files.map((file) => fs.readFile(file).catch(() => undefined)));
  const missing = request.units.filter((_, i) => !kept[i]);
  if (missing.length > 0) {
    if (request.cachedOnly) return undefined;
    const made = await compute(session, request, missing, signal, drive);
    for (const [i, unit] of request.units.entries()) {
      const picture = made.get(unit);
      if (!picture) continue;
      kept[i] = Buffer.from(encodePng(resize(picture, SIZE, SIZE)));
      await keep(files[i]!, kept[i]);
    }
  }
  const pngs = kept as Uint8Array[];
  return { width: SIZE, height: SIZE, pngs, units: request.units, sheet: contactSheet(pngs) };
}

function cacheFile({ model }: Session, { layer, cacheFolder }: ThumbnailRequest, unit: number): string {
  const key = JSON.stringify([VERSION, METHOD, PARAMETERS, SIZE, layer, unit]);
  return path.join(cacheFolder, model.sha256, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.png`);
}

/** Whole or not at all: another window may be reading it. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  await fs.writeFile(partial, bytes);
  await fs.rename(partial, file);
}

async function compute(
  session: Session,
  { layer }: ThumbnailRequest,
  units: readonly number[],
  signal: AbortSignal,
  drive: Drive,
): Promise<Map<number, Picture>> {
  const request: RunRequest = {
    method: METHOD,
    model: session.model.file,
    layer,
    unit: `${units.join(',')}-${units.at(-1)}`,
    params: PARAMETERS,
  };
  const { result, provenance } = await drive(runMethod(session, request, signal));
  if (provenance.partial) throw cancelledError(); // half an optimisation is not worth keeping
  const { tiles, width, height, rgb } = result as ImagesResult;
  const area = width * height * 3;
  return new Map(tiles.map(({ unit }, n) => [unit, { width, height, rgb: rgb.subarray(n * area, (n + 1) * area) }]));
}
