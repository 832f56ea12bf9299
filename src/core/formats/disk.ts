import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import type { FileRange, Tensor } from '../graph/tensor.ts';
import type { FilePart } from '../model.ts';
import { damaged } from './failure.ts';
import { countValues } from './numbers.ts';

export type Opened = FilePart;

/** Reads part of a file; throws where it is shorter, or is no longer the file that was opened. */
export function readRange(file: Opened, offset: number, length: number): Uint8Array {
  const within = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!within || offset + length > file.size)
    throw damaged(`bytes ${offset} to ${offset + length} were expected, but it ends at ${file.size}; copy it again`);
  const bytes = new Uint8Array(length);
  const descriptor = openSync(file.path, 'r');
  try {
    expectSame(file, fstatSync(descriptor));
    // One call reads at most 2 GiB.
    for (let at = 0; at < length;) {
      const count = readSync(descriptor, bytes, at, Math.min(length - at, 2 ** 30), offset + at);
      if (count === 0) throw damaged('the file has become shorter since it was opened; open it again');
      at += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/** Throws where a file is no longer what it was when it was opened. */
export const checkUnchanged = (file: Opened): void => expectSame(file, statSync(file.path, { throwIfNoEntry: false }));

function expectSame({ path, size, modified }: Opened, now: Stats | undefined): void {
  if (now?.size !== size || now.mtimeMs !== modified)
    throw damaged(`${basename(path)} has changed since it was opened; open it again`);
}

/** Float32 values that stay in their file: read when they are asked for, let go when memory is short. */
export function floatsInFile(file: Opened, offset: number, shape: readonly number[], of: string): Tensor<'float32'> {
  const length = countValues(shape, of) * 4;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > file.size)
    throw damaged(
      `${of} declares [${shape.join(', ')}] of float32, bytes ${offset} to ${offset + length}, but the file ends at ${file.size}; copy it again`,
    );
  let held: WeakRef<Float32Array> | undefined;
  const tensor: Tensor<'float32'> = {
    dtype: 'float32',
    shape,
    get data() {
      let data = held?.deref();
      if (!data) {
        data = new Float32Array(readRange(file, offset, length).buffer);
        held = new WeakRef(data);
      }
      return data;
    },
  };
  // Not enumerable: a copy with other values must not keep it.
  const source: FileRange = { path: file.path, offset, size: file.size, modified: file.modified };
  return Object.defineProperty(tensor, 'source', { value: source });
}
