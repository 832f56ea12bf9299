import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { decodeImage } from '../core/images/decode.ts';
import { encodePng } from '../core/images/png.ts';
import { resize } from '../core/images/resize.ts';
import type { Progress, RunRequest } from '../core/request.ts';
import type { ImagesResult, Picture } from '../core/results.ts';
import { runMethod } from '../core/run.ts';
import type { Session } from '../core/session.ts';
import { VERSION } from '../core/version.ts';
import type { ThumbnailRequest, Thumbnails } from '../protocol/worker.ts';

/** Pixels of a thumbnail's side: twice what a hover shows. */
const SIZE = 128;
const GAP = 4;

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
  onProgress: (progress: Progress) => void,
): Promise<Thumbnails | undefined> {
  const files = request.units.map((unit) => cacheFile(session, request, unit));
  const kept = await Promise.all(files.map((file) => fs.readFile(file).catch(() => undefined)));
  const missing = request.units.filter((_, i) => !kept[i]);
  if (missing.length > 0) {
    if (request.cachedOnly) return undefined;
    const made = await compute(session, request, missing, signal, onProgress);
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
  onProgress: (progress: Progress) => void,
): Promise<Map<number, Picture>> {
  const request: RunRequest = {
    method: METHOD,
    model: session.model.file,
    layer,
    unit: `${units.join(',')}-${units.at(-1)}`,
    params: PARAMETERS,
  };
  const run = runMethod(session, request, signal);
  for (;;) {
    const step = await run.next();
    if (!step.done) onProgress({ done: step.value.done, total: step.value.total });
    else {
      if (step.value.provenance.partial) return new Map(); // half an optimisation is not worth keeping
      const { tiles, width, height, rgb } = step.value.result as ImagesResult;
      const area = width * height * 3;
      return new Map(
        tiles.map(({ unit }, n) => [unit, { width, height, rgb: rgb.subarray(n * area, (n + 1) * area) }]),
      );
    }
  }
}

/** Three in a row, on the gaps' grey, as one PNG: a hover shows one picture faster than nine. */
function contactSheet(pngs: readonly Uint8Array[]): Uint8Array {
  const columns = Math.min(3, pngs.length);
  const rows = Math.ceil(pngs.length / columns);
  const side = SIZE / 2;
  const width = columns * (side + GAP) - GAP;
  const height = rows * (side + GAP) - GAP;
  const rgb = new Uint8Array(width * height * 3).fill(128);
  pngs.forEach((png, n) => {
    const tile = resize(decodeImage(png, 'thumbnail'), side, side);
    const left = (n % columns) * (side + GAP);
    const top = Math.floor(n / columns) * (side + GAP);
    for (let y = 0; y < side; y++)
      rgb.set(tile.rgb.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
  });
  return encodePng({ width, height, rgb });
}
