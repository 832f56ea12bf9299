import type { OpCall } from '../call.ts';
import type { Result } from '../result.ts';

/** Writes a node of TensorFlow as nodes of the graph: its outputs. */
export type OpWriter = (call: OpCall) => readonly Result[];

export type OpTable = Readonly<Record<string, OpWriter>>;
