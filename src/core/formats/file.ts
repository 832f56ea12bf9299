import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileError } from '../errors.ts';
import { damaged } from './failure.ts';
import type { ModelFile } from './format.ts';

/** A model's file as it was read, with the hash of all that it consists of. */
export interface ReadModelFile extends ModelFile {
  /** SHA-256 of the file and of the files beside it that were read, in their order. */
  sha256(): string;
}

/** Reads a model file. Rejects with a file error where there is none, or where it is empty. */
export async function readModelFile(path: string): Promise<ReadModelFile> {
  const absolute = resolve(path);
  const bytes = await readWhole(absolute, (what) => fileError(path, what));
  if (bytes.length === 0) throw fileError(path, 'the file is empty; a model was expected: copy it again');
  const hash = createHash('sha256').update(bytes);
  const folder = dirname(absolute);
  return {
    path: absolute,
    bytes,
    async sibling(name) {
      const sibling = await readWhole(await confined(folder, name), (what) => damaged(`it needs '${name}': ${what}`));
      hash.update(sibling);
      return sibling;
    },
    sha256: () => hash.copy().digest('hex'),
  };
}

/** The real path of a file in the folder; no path, and no link, may lead out of it. */
async function confined(folder: string, name: string): Promise<string> {
  const outside = damaged(
    `it names '${name}', outside its own folder, which is not read; put the file beside the model`,
  );
  const portable = name.replaceAll('\\', '/');
  if (portable === '' || portable.includes('\0')) throw damaged(`it names a file '${name}', which can't be one`);
  if (isAbsolute(portable) || /^[a-z]:/i.test(portable) || portable.split('/').includes('..')) throw outside;
  const path = resolve(folder, portable);
  const real = await realpath(path).catch(() => path);
  const inside = relative(await realpath(folder), real);
  if (real !== path && (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))) throw outside;
  return real;
}

async function readWhole(path: string, fail: (what: string) => Error): Promise<Uint8Array> {
  try {
    if (!(await stat(path)).isFile()) throw fail('it is no file');
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fail('there is no such file; check the path, or copy it there');
    throw fail(`it can't be read (${code}); check its permissions`);
  }
}
