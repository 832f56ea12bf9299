import type { DType, Tensor } from './tensor.ts';

/** In a shape, the number N of images of a run: known only when it runs. */
export const BATCH = -1;

/**
 * Sizes of the axes; images are NCHW. Inputs, and what methods look at, have the images on the first axis. Between them
 * another axis may hold them, and so may one that counts several values for each image: −k is k·N, as where an image's
 * windows become rows. Never more than one axis of a shape.
 */
export type Shape = readonly number[];

/** Whether an axis counts images, and so is known only when a graph runs. */
export const isOpen = (size: number): boolean => size < 0;

/** Whether each image's values are one entry of the first axis, or the shape holds no images at all. */
export const imagesFirst = (shape: Shape): boolean => shape[0] === BATCH || !shape.some(isOpen);

/** A shape as `Reshape` takes it: the axis that counts images is what is left. */
export const asTarget = (shape: Shape): number[] => shape.map((size) => Math.max(size, -1));

export type Attribute = number | string | readonly number[];

/** One ONNX operator. An input that is left out is `''`, as in ONNX. */
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** What a loop (`Scan`) does each time. Only what an engine hands over holds loops. */
  readonly body?: Graph;
}

export interface GraphInput {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * A program in a closed subset of ONNX (opset 18 semantics): what importers make, autodiff extends and engines run.
 *
 * Conventions that importers establish and everything else relies on:
 * - images are NCHW; explicit `pads` in place of `auto_pad`; `ceil_mode` is kept;
 * - `nodes` are in topological order, every tensor name is defined once, every node has a name of its own;
 * - shapes, axes, pads and the like that ONNX gives as inputs are in `constants`;
 * - a node whose operator is not in the registry is allowed: what depends on it has no shape and can't be run.
 */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** The node that makes each tensor. */
export function producers(graph: Graph): Map<string, Node> {
  const made = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) made.set(output, node);
  return made;
}

/** The nodes that take each tensor. */
export function consumers(graph: Graph): Map<string, Node[]> {
  const taken = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const input of new Set(node.inputs)) {
      const list = taken.get(input);
      if (list) list.push(node);
      else taken.set(input, [node]);
    }
  return taken;
}
