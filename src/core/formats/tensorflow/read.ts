import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { outline, type Way } from '../outline.ts';
import { WIRE } from '../wire.ts';
import {
  CONTENT_AT,
  CONTENT_LENGTH,
  decodeGraph,
  decodeSavedModel,
  TENSOR_CONTENT,
  type GraphDef,
  type MetaGraphDef,
} from './proto.ts';

const NODE: Way = { 5: { 2: { 8: { [TENSOR_CONTENT]: 'data' } } } };
const GRAPH: Way = { 1: NODE, 2: { 1: { 3: NODE } } };
const SAVED_MODEL: Way = { 2: { 2: GRAPH } };

/** The nodes of a frozen graph, without their weights' bytes. Throws where the file is none. */
export const readGraph = (file: ModelFile): GraphDef =>
  decode(
    file,
    GRAPH,
    decodeGraph,
    'not a whole TensorFlow graph: its protobuf ends early or is damaged; copy it again',
  );

/** The meta-graphs of a SavedModel, without their weights' bytes. Throws where the file is none. */
export const readSavedModel = (file: ModelFile): readonly MetaGraphDef[] =>
  decode(
    file,
    SAVED_MODEL,
    decodeSavedModel,
    'not a whole SavedModel: its protobuf ends early or is damaged; copy it again',
  ).metaGraphs ?? [];

function decode<T>(file: ModelFile, way: Way, decoder: (bytes: Uint8Array) => T, message: string): T {
  try {
    return decoder(
      outline(file, way, (writer, offset, length) => {
        writer.uint32((CONTENT_AT << 3) | WIRE.varint).int64(offset);
        writer.uint32((CONTENT_LENGTH << 3) | WIRE.varint).int64(length);
      }),
    );
  } catch (error) {
    throw damaged(message, error);
  }
}
