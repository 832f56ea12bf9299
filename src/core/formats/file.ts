import { createHash, type Hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileError } from '../errors.ts';
import { floatsInFile, readRange, type Opened } from './disk.ts';
import { damaged } from './failure.ts';
import type { ModelFile } from './format.ts';

const HEAD = 64 * 1024;

/** A model's file as it was read, with the hash of all that it consists of. */
export interface ReadModelFile extends ModelFile {
  /** The file, and the files beside it that were asked for, in their order. */
  readonly parts: readonly Opened[];
  /** SHA-256 of all its parts. */
  sha256(): Promise<string>;
}

/** Finds a model file. Rejects with a file error where there is none, or where it is empty. */
export async function readModelFile(path: string): Promise<ReadModelFile> {
  const { opened, head } = await openFile(resolve(path), (what) => fileError(path, what));
  if (opened.size === 0) throw fileError(path, 'the file is empty; a model was expected: copy it again');
  const parts = [opened];
  return {
    ...modelFile(opened, head, parts),
    parts,
    async sha256() {
      const hash = createHash('sha256');
      for (const part of parts) await update(hash, part.path);
      return hash.digest('hex');
    },
  };
}

/** `parts`: gets each file that is asked for by its name. */
function modelFile(opened: Opened, head: Uint8Array, parts: Opened[]): ModelFile {
  const folder = dirname(opened.path);
  return {
    path: opened.path,
    size: opened.size,
    head,
    bytes: () => readRange(opened, 0, opened.size),
    read: (offset, length) => readRange(opened, offset, length),
    floats: (offset, shape, of) => floatsInFile(opened, offset, shape, of),
    async sibling(name, part = true) {
      const path = await confined(folder, name);
      const sibling = await openFile(path, (what) => damaged(`it needs '${name}': ${what}`));
      if (part) parts.push(sibling.opened);
      return modelFile(sibling.opened, sibling.head, parts);
    },
    async exists(name) {
      const path = await confined(folder, name);
      return await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
    },
    around: () => filesAround(folder),
  };
}

/** The most entries of a folder that are looked at. */
const MOST_ENTRIES = 2000;
const MOST_FOLDERS = 50;

async function filesAround(folder: string): Promise<string[]> {
  const own = await entries(folder);
  const files = own.filter((entry) => entry.isFile()).map(({ name }) => name);
  const folders = own.filter((entry) => entry.isDirectory()).slice(0, MOST_FOLDERS);
  for (const { name } of folders)
    for (const entry of await entries(resolve(folder, name))) if (entry.isFile()) files.push(`${name}/${entry.name}`);
  return files;
}

/** What a folder has, by name; nothing where it can't be read. */
async function entries(folder: string): Promise<Dirent[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return found
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ENTRIES);
}

/** Adds a file's bytes to a hash, through one buffer. */
async function update(hash: Hash, path: string): Promise<void> {
  const buffer = new Uint8Array(2 ** 20);
  const file = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
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

async function openFile(
  path: string,
  fail: (what: string) => Error,
): Promise<{ readonly opened: Opened; readonly head: Uint8Array }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw fail('it is no file');
    const opened = { path, size: found.size, modified: found.mtimeMs };
    return { opened, head: readRange(opened, 0, Math.min(HEAD, found.size)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fail('there is no such file; check the path, or copy it there');
    throw fail(`it can't be read (${code}); check its permissions`);
  }
}
