import { GraphBuilder } from '../graph/builder.ts';
import { consumers, producers, type Graph, type Node } from '../graph/graph.ts';

/**
 * A slope so steep that float32 has no value on it: a power of two, so that `bound · slope` is exact. At zero, where
 * float32 is finest, the steepest there is (values below its normal range count as zero).
 */
const slopeAt = (bound: number) => (bound === 0 ? 2 ** 126 : 2 ** 100);

/** What its product with the slope is exact for, and next to which float32 has no value on the slope. */
const isSteep = (bound: number) => bound === 0 || (Math.abs(bound) > 2 ** -60 && Math.abs(bound) < 2 ** 20);

/** Where a tensor lies beyond bounds: above some, below others. */
interface Sides {
  readonly of: string;
  readonly bounds: readonly { readonly value: number; readonly above: boolean }[];
}

/**
 * The gates of gradients of ReLU and ReLU6, `g · Cast(y > low)` and `g · Cast(low < y < high)`, for ONNX Runtime: for each bound
 * `clip(±slope · (y − bound), 0, 1)`, one `HardSigmoid`. It takes less than the comparison and the cast, which runs slowly
 * there, and unlike these it has them for its blocked layout: nothing is rearranged for a gate between two convolutions.
 *
 * What is reshaped elsewhere, as maps for a Gram matrix, is wanted in the plain layout anyway: there the gate is made from
 * that, which spares rearranging it out of the blocked layout as well.
 */
export function steepGates(graph: Graph): Graph {
  const [made, taken] = [producers(graph), consumers(graph)];
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  for (const node of graph.nodes) {
    const sides = node.op === 'Mul' ? openSides(node.inputs[1]!, graph, made) : undefined;
    let { inputs } = node;
    if (sides) {
      const add = (op: string, from: readonly string[], as: string, attributes = {}) =>
        builder.add(op, from, attributes, `${node.name}/${as}`);
      const beyond = (tensor: string, { value, above }: Sides['bounds'][number]) => {
        const alpha = (above ? 1 : -1) * slopeAt(value);
        return add('HardSigmoid', [tensor], above ? 'open' : 'below', {
          alpha,
          beta: value === 0 ? 0 : -value * alpha,
        });
      };
      const open = (tensor: string) =>
        sides.bounds.map((bound) => beyond(tensor, bound)).reduce((a, b) => add('Mul', [a, b], 'between'));
      const plain = taken.get(sides.of)!.some(({ op }) => op === 'Reshape');
      const flat = () => open(add('Reshape', [sides.of, builder.ints([0, -1])], 'flat'));
      const gate = plain ? add('Reshape', [flat(), add('Shape', [sides.of], 'shape')], 'gate') : open(sides.of);
      inputs = [inputs[0]!, gate];
    }
    builder.addNode(node.op, inputs, node.outputs, node.attributes, node.name);
  }
  return builder.graph(graph.outputs);
}

/** What is compared with which bounds, where the tensor is `Cast(of > bound)` or a conjunction of such. */
function openSides(name: string, graph: Graph, made: ReadonlyMap<string, Node>): Sides | undefined {
  const cast = made.get(name);
  const open = cast?.op === 'Cast' && cast.attributes.to === 1 ? made.get(cast.inputs[0]!) : undefined;
  const comparisons = open?.op === 'And' ? open.inputs.map((input) => made.get(input)) : [open];
  const bounds = comparisons.flatMap((node) => {
    const above = node?.op === 'Greater';
    const bound = above || node?.op === 'Less' ? graph.constants.get(node.inputs[1]!) : undefined;
    if (bound?.dtype !== 'float32' || bound.data.length !== 1) return [];
    const value = Number(bound.data[0]);
    return isSteep(value) ? [{ value, above }] : [];
  });
  const [of, ...others] = new Set(comparisons.map((node) => node?.inputs[0]));
  return of !== undefined && others.length === 0 && bounds.length === comparisons.length ? { of, bounds } : undefined;
}
