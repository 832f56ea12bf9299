import type { Graph } from './graph.ts';
import { list } from './operator.ts';

/** Whether some window slides by more than one position at a time: what comes after it depends on where its grid lies. */
export const isStrided = ({ nodes }: Graph): boolean =>
  nodes.some((node) => list(node, 'strides', []).some((step) => step > 1));
