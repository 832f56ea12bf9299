import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { encodeNpy } from '../core/arrays/npy.ts';
import { LayerscopeError } from '../core/errors.ts';
import { drawMatrix } from '../core/images/matrix-drawing.ts';
import { enlarge, mosaic } from '../core/images/paint.ts';
import { pictureTiles } from '../core/images/picture-tiles.ts';
import { encodePng } from '../core/images/png.ts';
import { renderResult } from '../core/images/render.ts';
import type { RunRequest, RunResult } from '../core/request.ts';
import { versionsOf } from '../core/run.ts';
import type { Picture, Result } from '../core/results.ts';
import type { Session } from '../core/session.ts';
import { findVisualizer } from '../core/visualizers/index.ts';
import { parameterValues } from '../core/visualizers/values.ts';

/**
 * Writes a result's files: `result.json`, `METHOD.png`, for colour pictures one `unit-012.png` a unit and one `NAME.png` for what is seen of
 * them together, with `raw` the arrays as `NAME.npy`. Returns the names of all but `result.json`. Rejects with a file error where the folder can't be written.
 */
export async function writeResult(folder: string, finished: RunResult, raw: boolean): Promise<string[]> {
  const { result, provenance } = finished;
  const files = new Map<string, Uint8Array>();
  if (result.kind !== 'table') files.set(`${provenance.method}.png`, encodePng(renderResult(result)));
  else if (result.pictures) files.set(`${provenance.method}.png`, encodePng(besides(result.pictures)));
  if (result.kind === 'images')
    for (const matrix of result.matrices ?? []) files.set(`${matrix.name}.png`, encodePng(drawMatrix(result, matrix)));
  for (const [name, picture] of tilePictures(result)) files.set(name, encodePng(picture));
  if (raw) for (const [name, tensor] of Object.entries(result.arrays)) files.set(`${name}.npy`, encodeNpy(tensor));
  await writeFiles(folder, files, { ...describe(finished), files: [...files.keys()] });
  return [...files.keys()];
}

/** A run that was cancelled before anything was finished. */
export async function writeCancelled(folder: string, { model, engine }: Session, request: RunRequest): Promise<void> {
  const { method, layer = null, unit = null, target = null, against, image, seed = 0 } = request;
  await writeFiles(folder, new Map(), {
    method,
    model: model.file,
    sha256: model.sha256,
    ...(request.with !== undefined && { with: request.with }),
    layer,
    unit,
    target,
    ...(against !== undefined && { against }),
    image: image && 'path' in image ? image.path : null,
    parameters: parameterValues(method, findVisualizer(method).params, request.params),
    seed,
    engine: engine.id,
    versions: versionsOf(engine),
    partial: true,
    metrics: {},
    files: [],
  });
}

/** What `result.json` says, but for the files: everything that is needed to run the same again. */
export function describe({ result, provenance }: RunResult): Record<string, unknown> {
  const { params, layer = null, unit = null, target = null, targetLabel = null, image = null, ...rest } = provenance;
  const { method, model, sha256, ...more } = rest;
  return {
    method,
    title: result.title,
    kind: result.kind,
    model,
    sha256,
    layer,
    unit,
    target,
    targetLabel,
    image,
    parameters: params,
    ...more,
    metrics: result.metrics,
    notes: result.notes,
    ...(result.kind === 'images' && { pictures: result.tiles.map(({ unit, label }) => ({ unit, label })) }),
    ...(result.kind === 'graph' && { boxes: result.boxes, edges: result.edges }),
    ...(result.kind === 'table' && { columns: result.columns.map(({ name }) => name), rows: result.rows }),
  };
}

const besides = (pictures: readonly { readonly picture: Picture }[]): Picture =>
  mosaic(
    pictures.map(({ picture }) => enlarge(picture, Math.max(1, Math.floor(224 / picture.width)))),
    { gap: 2, background: 255, columns: pictures.length },
  );

function tilePictures(result: Result): [string, Picture][] {
  if (result.kind !== 'images') return [];
  const { tiles } = result;
  const pictures = pictureTiles(result);
  const digits = Math.max(3, ...tiles.map(({ unit }) => String(unit).length));
  const counts = new Map<number, number>();
  return tiles.map(({ unit }, n) => {
    const again = counts.get(unit) ?? 0;
    counts.set(unit, again + 1);
    const name = `unit-${String(unit).padStart(digits, '0')}${again === 0 ? '' : `-${again + 1}`}.png`;
    return [name, pictures[n]!];
  });
}

/** Files by name, and `result.json`; makes the folder. Rejects with a file error where it can't be written. */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  json: Record<string, unknown>,
) {
  try {
    await makeFolder(resolve(folder));
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, 'result.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  } catch (error) {
    throw new LayerscopeError('file', `${folder}: it can't be written: ${(error as Error).message}`, { cause: error });
  }
}

/** With its parents; Node's own `recursive` never ends where the system refuses a folder as if its parent were missing. */
async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await make();
  }
}
