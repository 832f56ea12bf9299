import { elements, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { lazily } from '../lazy.ts';

/** Where an HDF5 file's bytes are: a file, part of one, memory. As the methods of `ModelFile`. */
export type Source = Pick<ModelFile, 'size' | 'read' | 'floats'>;

/** A file that stands inside another one, as it is. */
export function partOf(file: Source, start: number, size: number): Source {
  const check = (offset: number, length: number) => {
    if (offset < 0 || offset + length > size)
      throw damaged(`bytes ${offset} to ${offset + length} were expected, but it ends at ${size}; copy it again`);
  };
  return {
    size,
    read(offset, length) {
      check(offset, length);
      return file.read(start + offset, length);
    },
    floats(offset, shape, of) {
      check(offset, elements(shape) * 4);
      return file.floats(start + offset, shape, of);
    },
  };
}

/** A file that was unpacked. */
export function inMemory(bytes: Uint8Array): Source {
  const read = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || offset + length > bytes.length)
      throw damaged(`bytes ${offset} to ${offset + length} were expected, but it ends at ${bytes.length}`);
    return bytes.slice(offset, offset + length);
  };
  const floats = (offset: number, shape: readonly number[]): Tensor<'float32'> =>
    lazily(shape, () => new Float32Array(read(offset, elements(shape) * 4).buffer));
  return { size: bytes.length, read, floats };
}
