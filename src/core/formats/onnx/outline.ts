import protobuf from 'protobufjs/light.js';
import type { ModelFile } from '../format.ts';
import { EXTERNAL } from './proto.ts';
import { WIRE, WireReader } from '../wire.ts';

/** The location of tensor data that stand in the model's own file, in an outline. No file name has a NUL. */
export const OWN_FILE = '\0';

/** Shorter data stay where they are. */
const LARGE = 1024;

/** Messages on the way to a tensor: the fields that lead on, by number. */
interface Way {
  readonly [field: number]: Way | 'tensor';
}
const ATTRIBUTE: Way = { 5: 'tensor' };
const GRAPH: Way = { 1: { 5: ATTRIBUTE }, 5: 'tensor' };
const MODEL: Way = { 7: GRAPH };

const RAW_DATA = 9;
const FLOAT_DATA = 4;

/**
 * An ONNX file's bytes without its large tensors' data, which are said to be external data in `OWN_FILE`. So a file of any
 * size is decoded in little memory. Throws where the bytes are no protobuf.
 */
export function readOutline(file: ModelFile): Uint8Array {
  const parts: Uint8Array[] = [];
  outline(new WireReader(file), 0, file.size, MODEL, parts);
  return Buffer.concat(parts);
}

/** Adds the outline of the message at [start, end) to `parts`. */
function outline(reader: WireReader, start: number, end: number, way: Way | 'tensor', parts: Uint8Array[]): void {
  let kept = start; // what lies before and was not yet added is added as it is
  let place: Uint8Array | undefined; // at the end: the last of equal fields counts, and some files say that data are inside
  for (let at = start; at < end;) {
    const field = reader.field(at, end);
    at = field.end;
    const length = field.end - field.start;
    if (field.wire !== WIRE.bytes || length <= LARGE) continue;
    const next = way === 'tensor' ? undefined : way[field.number];
    const data = way === 'tensor' && (field.number === RAW_DATA || field.number === FLOAT_DATA);
    if (!next && !data) continue;
    parts.push(reader.file.read(kept, field.tag - kept));
    kept = field.end;
    if (data) place = externalData(field.start, length);
    else {
      const inner: Uint8Array[] = [];
      outline(reader, field.start, field.end, next!, inner);
      const size = inner.reduce((sum, part) => sum + part.length, 0);
      parts.push(
        new protobuf.Writer()
          .uint32((field.number << 3) | WIRE.bytes)
          .uint32(size)
          .finish(),
        ...inner,
      );
    }
  }
  parts.push(reader.file.read(kept, end - kept));
  if (place) parts.push(place);
}

/** The fields of a TensorProto that say where its data are. */
function externalData(offset: number, length: number): Uint8Array {
  const writer = new protobuf.Writer();
  const entries = [
    ['location', OWN_FILE],
    ['offset', String(offset)],
    ['length', String(length)],
  ] as const;
  for (const [key, value] of entries)
    writer
      .uint32((13 << 3) | WIRE.bytes)
      .fork()
      .uint32(10)
      .string(key)
      .uint32(18)
      .string(value)
      .ldelim();
  return writer
    .uint32(14 << 3)
    .int32(EXTERNAL)
    .finish();
}
