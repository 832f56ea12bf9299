import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { countValues } from '../numbers.ts';

/** A file that stands in another one as it is, read from there. `name`: in messages. */
export function innerFile(file: ModelFile, name: string, offset: number, size: number): ModelFile {
  const within = (from: number, length: number): number => {
    if (!(from >= 0 && length >= 0 && from + length <= size))
      throw damaged(`bytes ${from} to ${from + length} of '${name}' were expected, which has ${size}; copy it again`);
    return offset + from;
  };
  const read = (from: number, length: number) => file.read(within(from, length), length);
  return {
    ...file,
    size,
    head: read(0, Math.min(size, file.head.length)),
    bytes: () => read(0, size),
    read,
    floats: (from, shape, of) => file.floats(within(from, countValues(shape, of) * 4), shape, of),
  };
}
