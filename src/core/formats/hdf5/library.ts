import type * as h5wasm from 'h5wasm';
import type { File } from 'h5wasm';
import { Pages } from './pages.ts';
import type { Source } from './source.ts';

export type Library = typeof h5wasm;

/** The library's own errors in system calls, by number. */
const IO_ERROR = 29;

/** What is used of the file system in the library: that of Emscripten. */
interface FileSystem {
  readonly streams: readonly ({ tty?: { ops: object } } | undefined)[];
  readonly ErrnoError: new (errno: number) => Error;
  writeFile(path: string, bytes: Uint8Array): void;
  lookupPath(path: string): { node: FileNode };
  unlink(path: string): void;
}

interface FileNode {
  usedBytes: number;
  stream_ops: object;
}

let loaded: Promise<Library> | undefined;
let count = 0;

/** The library is large: it is loaded when the first file needs it. What it prints about damaged ones, our errors tell. */
export function loadLibrary(): Promise<Library> {
  return (loaded ??= import('h5wasm').then(async (library) => {
    await library.ready;
    const silent = { put_char: () => undefined, fsync: () => undefined };
    for (const stream of fileSystem(library).streams) if (stream?.tty) stream.tty.ops = silent;
    return library;
  }));
}

const fileSystem = ({ FS }: Library) => FS as unknown as FileSystem;

/** A file as the library opens it: nothing of it is held, the library's reads go to the source. */
export interface Mounted {
  readonly file: File;
  /** What went wrong while the library read; it only tells that something did. */
  failure(): unknown;
  close(): void;
}

/** Opens an HDF5 file. Throws what the library throws. */
export function mount(library: Library, source: Source): Mounted {
  const system = fileSystem(library);
  const path = `/model-${count++}.h5`;
  const pages = new Pages(source);
  let failure: unknown;
  system.writeFile(path, new Uint8Array(0));
  const { node } = system.lookupPath(path);
  node.usedBytes = source.size;
  const read = (_: unknown, into: Uint8Array, offset: number, length: number, position: number): number => {
    try {
      return pages.copy(position, into.subarray(offset, offset + length));
    } catch (error) {
      // The library must be left by its own ways: it would keep the file open else.
      failure ??= error;
      throw new system.ErrnoError(IO_ERROR);
    }
  };
  node.stream_ops = { ...node.stream_ops, read };
  try {
    const file = new library.File(path, 'r');
    if (file.file_id < 0n) throw new Error('the library refused it');
    const close = () => {
      closeFile(file);
      system.unlink(path);
    };
    return { file, failure: () => failure, close };
  } catch (error) {
    system.unlink(path);
    throw failure ?? error;
  }
}

/** Closing what is damaged may fail too; that is told already. */
function closeFile(file: File): void {
  try {
    file.close();
  } catch {
    return;
  }
}
