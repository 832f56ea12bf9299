import os from 'node:os';
import { engineError } from '../errors.ts';
import { heaviest } from '../graph/costs.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/shapes.ts';
import { showBytes } from '../show-bytes.ts';

/** What this machine, or the group that the process runs in, has. */
const machineBytes = () => Math.min(os.totalmem(), process.constrainedMemory() || Infinity);

/**
 * Throws an engine error where one operator alone would need more memory for one image than there is: a small file may ask for any
 * size, and a system that runs out ends the process without a word.
 *
 * @param limit  bytes that there are
 */
export function checkFits(graph: Graph, limit = machineBytes()): void {
  const most = heaviest(graph, inferShapes(graph));
  if (!most || most.bytes <= limit) return;
  const { op, name } = most.node;
  throw engineError(
    `Not enough memory: ${op} '${name}' alone needs ${showBytes(most.bytes)} for one image, and this machine has ${showBytes(limit)}. Choose a layer before it, or a smaller picture.`,
  );
}
