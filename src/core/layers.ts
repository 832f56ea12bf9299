import { usageError } from './errors.ts';
import { producers, type Graph } from './graph/graph.ts';
import type { Layer, Model, UnknownOperator } from './model.ts';
import { nearest, quoted } from './nearest.ts';
import type { Session } from './session.ts';

/** The layer of that name. Throws a usage error that lists the nearest names. */
export function findLayer(session: Session, name: string): Layer {
  const { layers } = session.model;
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer) return layer;
  const names = layers.map((candidate) => candidate.name);
  throw usageError(`There is no layer '${name}'. The nearest: ${quoted(nearest(name, names, 5))}.`);
}

/** Throws a usage error that says what is missing, where the file has weights alone, or none. */
export function checkHasGraph({ missing }: Model, what: string): void {
  if (missing !== undefined) throw usageError(`${what} can't be run: ${missing}`);
}

/** Throws a usage error that names the operator and node, where a tensor depends on an operator that is not known. */
export function checkRunnable(session: Session, tensor: string, what: string): void {
  checkHasGraph(session.model, what);
  if (session.shapes.has(tensor)) return;
  const blame = unknownBefore(session.model.graph, session.model.unknown, tensor);
  const why = blame
    ? `it depends on the operator ${blame.op} of node '${blame.node}', which Layerscope does not know`
    : 'the shape of what it depends on is not known';
  throw usageError(`${what} can't be run: ${why}. Layers before it can be visualised.`);
}

function unknownBefore(graph: Graph, unknown: readonly UnknownOperator[], tensor: string): UnknownOperator | undefined {
  const made = producers(graph);
  const names = new Map(unknown.map((operator) => [operator.node, operator]));
  const seen = new Set<string>();
  const queue = [tensor];
  for (const name of queue) {
    const node = made.get(name);
    if (!node || seen.has(node.name)) continue;
    seen.add(node.name);
    const blamed = names.get(node.name);
    if (blamed) return blamed;
    queue.push(...node.inputs);
  }
  return undefined;
}
