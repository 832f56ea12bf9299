import { usageError } from './errors.ts';
import { imagesFirst, producers, type Graph } from './graph/graph.ts';
import { showShape } from './graph/shapes.ts';
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

/** Whether methods can look at a tensor: its shape is known, and each image's values are one entry of its first axis. */
export function isRunnable({ model, shapes }: Session, tensor: string): boolean {
  const shape = shapes.get(tensor);
  return model.missing === undefined && shape !== undefined && imagesFirst(shape);
}

/**
 * Throws a usage error where methods can't look at a tensor; it names the operator and node, where the tensor depends on an
 * operator that is not known.
 */
export function checkRunnable(session: Session, tensor: string, what: string): void {
  checkHasGraph(session.model, what);
  const shape = session.shapes.get(tensor);
  if (shape && imagesFirst(shape)) return;
  if (shape)
    throw usageError(
      `${what} can't be visualised: its output, ${showShape(shape)}, does not keep the images on its first axis. Choose a layer before or after it.`,
    );
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
