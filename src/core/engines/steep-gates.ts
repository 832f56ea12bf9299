import { GraphBuilder } from '../graph/builder.ts';
import { consumers, producers, type Graph, type Node } from '../graph/graph.ts';

/**
 * A slope so steep that float32 has no value on it: a power of two, so that `bound · slope` is exact. At zero, where
 * float32 is finest, the steepest there is (values below its normal range count as zero).
 */
const slopeAt = (bound: number) => (bound === 0 ? 2 ** 126 : 2 ** 100);

/**
 * The gates of ReLU's gradient, `g · Cast(y > bound)`, for ONNX Runtime: `g · clip(slope · (y − bound), 0, 1)`, one
 * `HardSigmoid`. It takes less than the comparison and the cast, which runs slowly there. (Not so for ReLU6: two of them
 * and two products move more memory than comparisons, whose results are bytes.)
 *
 * What is reshaped elsewhere, as maps for a Gram matrix, is wanted in the plain layout anyway: there the gate is made from
 * that, which spares rearranging it out of the blocked layout as well.
 */
export function steepGates(graph: Graph): Graph {
  const [made, taken] = [producers(graph), consumers(graph)];
  const builder = new GraphBuilder({ ...graph, nodes: [] });
  for (const node of graph.nodes) {
    const side = node.op === 'Mul' ? openSide(node.inputs[1]!, graph, made) : undefined;
    let { inputs } = node;
    if (side) {
      const alpha = slopeAt(side.bound);
      const beta = side.bound === 0 ? 0 : -side.bound * alpha;
      const add = (op: string, from: readonly string[], as: string, attributes = {}) =>
        builder.add(op, from, attributes, `${node.name}/${as}`);
      const open = (tensor: string) => add('HardSigmoid', [tensor], 'open', { alpha, beta });
      const plain = taken.get(side.of)!.some(({ op }) => op === 'Reshape');
      const flat = () => open(add('Reshape', [side.of, builder.ints([0, -1])], 'flat'));
      const gate = plain ? add('Reshape', [flat(), add('Shape', [side.of], 'shape')], 'gate') : open(side.of);
      inputs = [inputs[0]!, gate];
    }
    builder.addNode(node.op, inputs, node.outputs, node.attributes, node.name);
  }
  return builder.graph(graph.outputs);
}

/** What is compared, and with which bound, where the tensor is `Cast(of > bound)`. */
function openSide(
  name: string,
  graph: Graph,
  made: ReadonlyMap<string, Node>,
): { of: string; bound: number } | undefined {
  const cast = made.get(name);
  const greater = cast?.op === 'Cast' && cast.attributes.to === 1 ? made.get(cast.inputs[0]!) : undefined;
  const bound = greater?.op === 'Greater' ? graph.constants.get(greater.inputs[1]!) : undefined;
  if (bound?.dtype !== 'float32' || bound.data.length !== 1) return undefined;
  return { of: greater!.inputs[0]!, bound: Number(bound.data[0]) };
}
