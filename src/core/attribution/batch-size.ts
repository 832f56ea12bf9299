import { nodeFlops } from '../graph/costs.ts';
import { prune } from '../graph/passes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import type { Session } from '../session.ts';

/** Activations and gradients that one batch may take, unless one image alone takes more. */
export const BATCH_BYTES = 256 * 2 ** 20;
/** Operations of the forward pass that one batch may take: Cancel waits for a batch. */
const BATCH_FLOPS = 8e9;

/**
 * How many images run together, so that what the network computes for them takes at most `BATCH_BYTES` and Cancel is obeyed
 * soon. A gradient program holds each activation, its gradient and one value more on the way: three times the activations.
 */
export function batchSize(session: Session, objective: Objective): number {
  const graph = prune(session.model.graph, objective.tensors);
  const outputs = graph.nodes.flatMap((node) => node.outputs.map((name) => session.shapes.get(name) ?? []));
  const bytes = outputs.reduce((sum, shape) => sum + 3 * 4 * elements(shape.map(Math.abs)), 0);
  const flops = [...nodeFlops(graph, session.shapes).values()].reduce((sum, count) => sum + count, 0);
  return Math.max(1, Math.floor(Math.min(BATCH_BYTES / bytes, BATCH_FLOPS / flops)));
}
