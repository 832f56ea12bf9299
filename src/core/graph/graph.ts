import type { DType, Tensor } from './tensor.ts';

/** In a shape, the number of images of a run: known only when it runs. Only the first axis may hold it. */
export const BATCH = -1;

/** Sizes of the axes; images are NCHW. */
export type Shape = readonly number[];

export type Attribute = number | string | readonly number[];

/** One ONNX operator. An input that is left out is `''`, as in ONNX. */
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
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
