import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileError } from '../../core/errors.ts';
import type { OpenOptions } from '../../protocol/worker.ts';

/** `NAME.layerscope.json` beside the model. */
export const descriptionFile = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}.layerscope.json`);

/**
 * Writes what the user says of a model beside it; what else stands in that file stays. Rejects with a file error where the
 * file that is there is no JSON object, or can't be written.
 */
export async function writeDescription(model: string, { input, labels, sampleImages }: OpenOptions): Promise<void> {
  const path = descriptionFile(model);
  const known = await readObject(path);
  const said = Object.entries({ input, labels, sampleImages }).filter(([, value]) => value !== undefined);
  const text = `${JSON.stringify({ ...known, ...Object.fromEntries(said) }, undefined, 2)}\n`;
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw fileError(path, `it can't be written (${error.code}).`, error);
  });
}

async function readObject(path: string): Promise<object> {
  const refuse = (what: string, cause?: unknown) =>
    fileError(path, `${what}, so nothing was changed; correct or remove the file and try again.`, cause);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw refuse(`it can't be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('it is not an object { … }');
  return value;
}
