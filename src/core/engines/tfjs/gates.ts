import type { Graph, Node } from '../../graph/graph.ts';
import { broadcast } from '../../graph/operators/common.ts';
import { list, type Operator } from '../../graph/operator.ts';
import { producers } from '../../graph/graph.ts';
import { elements } from '../../graph/tensor.ts';
import { commonLayout, input, made, operand, type Kernel } from './kernel.ts';
import { zip, type Loop } from './zip.ts';

/** An operator of this engine's own: values of input 0 where the others lie within bounds, elsewhere 0. */
export const GATE = 'layerscope.Gate';

interface Interval {
  readonly of: string;
  readonly low: number;
  readonly high: number;
}

/** Two inputs at most are looked at: more would need another loop. */
const MOST = 2;

/**
 * Puts one node in the place of comparisons with numbers, what joins them, and the product with the result, as the gradients
 * of rectifiers are written: one pass over memory for four or six.
 */
export function withGates(graph: Graph): Graph {
  const made = producers(graph);
  const scalar = (name: string): number | undefined => {
    const value = graph.constants.get(name);
    return value && value.dtype === 'float32' && elements(value.shape) === 1 ? Number(value.data[0]) : undefined;
  };
  const intervals = (mask: string): Interval[] | undefined => {
    const node = made.get(mask);
    if (!node) return undefined;
    const [a, b] = node.inputs as [string, string];
    if (node.op === 'And') {
      const [left, right] = [intervals(a), intervals(b)];
      return left && right && joined([...left, ...right]);
    }
    const bound = scalar(b ?? '');
    if (bound === undefined) return undefined;
    if (node.op === 'Greater') return [{ of: a, low: bound, high: Infinity }];
    return node.op === 'Less' ? [{ of: a, low: -Infinity, high: bound }] : undefined;
  };
  const gated = (node: Node): Node | undefined => {
    const [value, mask] = gatedBy(node, made, scalar) ?? [];
    const found = mask === undefined ? undefined : intervals(mask);
    if (value === undefined || !found || found.length > MOST) return undefined;
    const attributes = { low: found.map(({ low }) => low), high: found.map(({ high }) => high) };
    return { ...node, op: GATE, inputs: [value, ...found.map(({ of }) => of)], attributes };
  };
  return { ...graph, nodes: graph.nodes.map((node) => gated(node) ?? node) };
}

/** What a node lets through, and the mask: `Mul` by a mask as numbers, or `Where` with zeros. */
function gatedBy(
  node: Node,
  made: ReadonlyMap<string, Node>,
  scalar: (name: string) => number | undefined,
): [string, string] | undefined {
  if (node.op === 'Where' && scalar(node.inputs[2]!) === 0) return [node.inputs[1]!, node.inputs[0]!];
  if (node.op !== 'Mul') return undefined;
  const cast = made.get(node.inputs[1]!);
  return cast?.op === 'Cast' && cast.attributes['to'] === 1 ? [node.inputs[0]!, cast.inputs[0]!] : undefined;
}

/** Intervals of the same values as one. */
function joined(intervals: readonly Interval[]): Interval[] {
  const by = new Map<string, Interval>();
  for (const { of, low, high } of intervals) {
    const known = by.get(of);
    by.set(of, known ? { of, low: Math.max(known.low, low), high: Math.min(known.high, high) } : { of, low, high });
  }
  return [...by.values()];
}

export const gateOperator: Operator = {
  shape: ({ inputs }) => [broadcast(...inputs.map((shape) => shape!))],
};

export const gate: Kernel = (run) => {
  const values = run.inputs.map((_, i) => input(run, i));
  const layout = commonLayout(values, run.shapes[0]!.length);
  const [low, high] = [list(run.node, 'low', []), list(run.node, 'high', [])];
  const loop = values.length === 2 ? within(low[0]!, high[0]!) : withinBoth(low, high);
  const tensors = values.map((value) => operand(value, layout));
  return [made(run, zip(run.device, 'float32', tensors, loop), layout)];
};

const within =
  (low: number, high: number): Loop =>
  ({ out, at, end, a, b, i, j, di, dj }) => {
    for (; at < end; at++, i += di, j += dj) out[at] = b[j]! > low && b[j]! < high ? a[i]! : 0;
  };

const withinBoth =
  ([low1, low2]: readonly number[], [high1, high2]: readonly number[]): Loop =>
  ({ out, at, end, a, b, c, i, j, k, di, dj, dk }) => {
    for (; at < end; at++, i += di, j += dj, k += dk)
      out[at] = b[j]! > low1! && b[j]! < high1! && c[k]! > low2! && c[k]! < high2! ? a[i]! : 0;
  };
