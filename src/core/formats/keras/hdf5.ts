import type * as h5wasm from 'h5wasm';
import type { Dataset, Entity, File, Group } from 'h5wasm';
import { damaged } from '../failure.ts';
import { hasWholeGlobalHeaps } from './global-heap.ts';
import { countValues } from '../numbers.ts';
import type { StoredWeight } from './weights.ts';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the bytes begin as an HDF5 file does (a block of the user's may stand before: 512 bytes, 1024, 2048 …). */
export function isHdf5(bytes: Uint8Array): boolean {
  for (let at = 0; at + SIGNATURE.length <= bytes.length; at = at === 0 ? 512 : at * 2)
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

let count = 0;

type Library = typeof h5wasm;

let loaded: Promise<Library> | undefined;

/** The library is large: it is loaded when the first file needs it. What it prints about damaged ones, our errors tell. */
function load(): Promise<Library> {
  return (loaded ??= import('h5wasm').then(async (library) => {
    const { FS } = await library.ready;
    const silent = { put_char: () => undefined, fsync: () => undefined };
    const { streams } = FS as unknown as { streams: readonly ({ tty?: { ops: object } } | undefined)[] };
    for (const stream of streams) if (stream?.tty) stream.tty.ops = silent;
    return library;
  }));
}

const kindOf = (entity: Entity | null) => (entity && 'type' in entity ? String(entity.type) : undefined);
export const isGroup = (entity: Entity | null): entity is Group => kindOf(entity) === 'Group';
export const isDataset = (entity: Entity | null): entity is Dataset => kindOf(entity) === 'Dataset';

const DAMAGED = 'its HDF5 structure is damaged or ends early; save or copy it again';

/** What `read` takes from an HDF5 file; the file is closed then. Throws where it is damaged. */
export async function readHdf5<T>(bytes: Uint8Array, read: (file: File) => T): Promise<T> {
  if (!hasWholeGlobalHeaps(bytes)) throw damaged(DAMAGED);
  const library = await load();
  const FS = library.FS!;
  const path = `/model-${count++}.h5`;
  // The library's files are in memory: it may have these bytes themselves.
  FS.writeFile(path, bytes, { canOwn: true } as object);
  let file: File | undefined;
  try {
    file = new library.File(path, 'r');
    if (file.file_id < 0n) throw new Error('the library refused it');
    return read(file);
  } catch (error) {
    if (error instanceof Error && error.name === 'LayerscopeError') throw error;
    throw damaged(DAMAGED, error);
  } finally {
    if (file) close(file);
    FS.unlink(path);
  }
}

/** Closing what is damaged may fail too; that is told already. */
function close(file: File): void {
  try {
    if (file.file_id >= 0n) file.close();
  } catch {
    return;
  }
}

/** Reads one array at once: the file is closed before the model is built. */
export function readDataset(dataset: Dataset, of: string, fileSize: number): Pick<StoredWeight, 'shape' | 'read'> {
  const { shape, metadata } = dataset;
  const sizes = shape ?? [];
  const bytes = countValues(sizes, of) * metadata.size;
  // Compressed data may be larger than the file, but not without bound.
  if (bytes > fileSize && bytes > fileSize * (dataset.filters.length > 0 ? 1000 : 1))
    throw damaged(`${of} declares [${sizes.join(', ')}], ${bytes} bytes, in a file of ${fileSize}; it is damaged`);
  const value = dataset.value;
  if (!ArrayBuffer.isView(value) && typeof value !== 'number') throw damaged(`${of} holds no numbers`);
  const numbers = typeof value === 'number' ? [value] : (value as unknown as ArrayLike<number | bigint>);
  const values = numbers instanceof Float32Array ? numbers.slice() : Float32Array.from(numbers, Number);
  return { shape: sizes, read: () => values };
}
