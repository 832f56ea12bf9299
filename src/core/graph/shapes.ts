import { LayerscopeError } from '../errors.ts';
import { isOpen, type Graph, type Node, type Shape } from './graph.ts';
import { isKnown, OPERATORS } from './operators/index.ts';
import type { ShapeContext } from './operator.ts';
import type { Tensor } from './tensor.ts';

/** The shape of every tensor that can be known: none for what depends on an unknown operator. */
export type Shapes = ReadonlyMap<string, Shape>;

/**
 * Infers the shape of every tensor, from the graph's inputs or from those given in their place.
 * Throws a file error that names the node whose inputs don't fit.
 */
export function inferShapes(graph: Graph, inputs: Readonly<Record<string, Shape>> = {}): Shapes {
  const shapes = new Map<string, Shape>();
  for (const [name, { shape }] of graph.constants) shapes.set(name, shape);
  for (const { name, shape } of graph.inputs) shapes.set(name, inputs[name] ?? shape);
  for (const node of graph.nodes) inferNode(node, shapes, graph.constants);
  return shapes;
}

/** Adds the shapes of one node's outputs, where those of its inputs are known. */
export function inferNode(node: Node, shapes: Map<string, Shape>, constants: ReadonlyMap<string, Tensor>): void {
  const operator = isKnown(node.op) ? OPERATORS[node.op] : undefined;
  if (!operator || node.inputs.some((name) => name !== '' && !shapes.has(name))) return;
  let result: readonly Shape[];
  try {
    result = operator.shape(shapeContext(node, shapes, constants));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const given = node.inputs.map((name) => showShape(shapes.get(name))).join(', ');
    throw new LayerscopeError('file', `${node.op} '${node.name}' with inputs ${given}: ${error.message}`, {
      cause: error,
    });
  }
  const open = node.inputs.some((name) => shapes.get(name)?.some(isOpen)) ? 1 : 0;
  result.forEach((shape, i) => {
    if (shape.some((size) => !Number.isSafeInteger(size) || size === 0) || shape.filter(isOpen).length > open)
      throw new LayerscopeError('file', `${node.op} '${node.name}' would have an output of shape ${showShape(shape)}`);
    if (node.outputs[i]) shapes.set(node.outputs[i], shape);
  });
}

export function shapeContext(
  node: Node,
  shapes: ReadonlyMap<string, Shape>,
  constants: ReadonlyMap<string, Tensor>,
): ShapeContext {
  return {
    node,
    inputs: node.inputs.map((name) => (name === '' ? undefined : shapes.get(name))),
    constant: (index) => constants.get(node.inputs[index] ?? ''),
  };
}

/** `N×3×224×224`, or `64N×49×96`, for messages. */
export const showShape = (shape: Shape | undefined): string =>
  shape ? shape.map(showSize).join('×') || 'scalar' : '?';

export const showSize = (size: number): string => (isOpen(size) ? `${size === -1 ? '' : -size}N` : `${size}`);
