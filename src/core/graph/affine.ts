import type { Graph, Node } from './graph.ts';
import { waistsOf, type Waist } from './waists.ts';

/** Affine in their first input, where the others do not depend on it. */
const IN_FIRST = new Set(
  (
    'Conv ConvTranspose BatchNormalization AveragePool GlobalAveragePool Div ReduceMean ReduceSum Neg Identity Resize ' +
    'Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Pad Expand Gather DepthToSpace'
  ).split(' '),
);
/** Affine in one of their inputs at a time. */
const IN_ONE = new Set(['Mul', 'MatMul', 'Gemm']);
/** Affine in all their inputs together. */
const IN_ALL = new Set(['Add', 'Sub', 'Sum', 'Concat']);

/**
 * The last tensor that is an affine function A·x + b of an input and through which every way to the outputs leads: a first
 * convolution's output, with what scales or moves the picture before it. Undefined where there is none.
 * `graph` holds only what its outputs depend on.
 */
export function affineWaist(graph: Graph, input: string): Waist | undefined {
  const seen = new Set([input]);
  const bend = graph.nodes.findIndex((node) => {
    if (!node.inputs.some((name) => seen.has(name))) return false;
    for (const name of node.outputs) seen.add(name);
    return !isAffine(node, seen);
  });
  return waistsOf(graph, input).findLast(({ at }) => bend < 0 || at < bend);
}

function isAffine({ op, inputs }: Node, seen: ReadonlySet<string>): boolean {
  if (IN_ALL.has(op)) return true;
  const [first, ...others] = inputs.map((name) => seen.has(name));
  const depending = [first, ...others].filter(Boolean).length;
  return depending === 1 && (IN_ONE.has(op) || (IN_FIRST.has(op) && first === true));
}
