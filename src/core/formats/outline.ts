import protobuf from 'protobufjs/light.js';
import type { ModelFile } from './format.ts';
import { WIRE, WireReader } from './wire.ts';

/** Messages on the way to large data: by number, the fields that lead on, or `'data'` for the data themselves. */
export interface Way {
  readonly [field: number]: Way | 'data';
}

/** Shorter data stay where they are. */
const LARGE = 1024;

/**
 * The bytes of a protocol buffer without its large data: `replace` gives the fields that stand in their place and say
 * where in the file they are. So a file of any size is decoded in little memory. Throws where the bytes are no protobuf.
 */
export function outline(
  file: ModelFile,
  way: Way,
  replace: (writer: protobuf.Writer, offset: number, length: number) => void,
): Uint8Array {
  const reader = new WireReader(file);
  const parts = (start: number, end: number, on: Way): Uint8Array[] => {
    const made: Uint8Array[] = [];
    let kept = start; // what lies before and was not yet added is added as it is
    for (let at = start; at < end;) {
      const field = reader.field(at, end);
      at = field.end;
      const length = field.end - field.start;
      const next = field.wire === WIRE.bytes && length > LARGE ? on[field.number] : undefined;
      if (next === undefined) continue;
      made.push(file.read(kept, field.tag - kept));
      kept = field.end;
      const writer = new protobuf.Writer();
      if (next === 'data') {
        replace(writer, field.start, length);
        made.push(writer.finish());
      } else {
        const inner = parts(field.start, field.end, next);
        const size = inner.reduce((sum, part) => sum + part.length, 0);
        made.push(
          writer
            .uint32((field.number << 3) | WIRE.bytes)
            .uint32(size)
            .finish(),
          ...inner,
        );
      }
    }
    made.push(file.read(kept, end - kept));
    return made;
  };
  return Buffer.concat(parts(0, file.size, way));
}
