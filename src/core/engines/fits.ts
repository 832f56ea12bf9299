import os from 'node:os';
import { engineError, LayerscopeError } from '../errors.ts';
import { heaviest } from '../graph/costs.ts';
import type { Graph, Shape } from '../graph/graph.ts';
import { inferNode, type Shapes } from '../graph/shapes.ts';
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
  const most = heaviest(graph, knownShapes(graph));
  if (!most || most.bytes <= limit) return;
  const { op, name } = most.node;
  throw engineError(
    `Not enough memory: ${op} '${name}' alone needs ${showBytes(most.bytes)} for one image, and this machine has ${showBytes(limit)}. Choose a layer before it, or a smaller picture.`,
  );
}

/** Shapes as far as they are known before a program runs: one that is computed on the way leaves those after it open. */
function knownShapes({ inputs, constants, nodes }: Graph): Shapes {
  const shapes = new Map<string, Shape>();
  for (const [name, { shape }] of constants) shapes.set(name, shape);
  for (const { name, shape } of inputs) shapes.set(name, shape);
  for (const node of nodes)
    try {
      inferNode(node, shapes, constants);
    } catch (error) {
      if (!(error instanceof LayerscopeError)) throw error;
    }
  return shapes;
}
