import type protobuf from 'protobufjs/light.js';
import type { ModelFile } from '../format.ts';
import { outline, type Way } from '../outline.ts';
import { WIRE } from '../wire.ts';
import { EXTERNAL } from './proto.ts';

/** The location of tensor data that stand in the model's own file, in an outline. No file name has a NUL. */
export const OWN_FILE = '\0';

/** Raw data, and data in a field for floats. */
const TENSOR: Way = { 9: 'data', 4: 'data' };
const ATTRIBUTE: Way = { 5: TENSOR };
const GRAPH: Way = { 1: { 5: ATTRIBUTE }, 5: TENSOR };
const MODEL: Way = { 7: GRAPH };

/**
 * An ONNX file's bytes without its large tensors' data, which are said to be external data in `OWN_FILE`. Throws where the
 * bytes are no protobuf.
 */
export const readOutline = (file: ModelFile): Uint8Array => outline(file, MODEL, externalData);

/** The fields of a TensorProto that say where its data are. */
function externalData(writer: protobuf.Writer, offset: number, length: number): void {
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
  writer.uint32(14 << 3).int32(EXTERNAL);
}
