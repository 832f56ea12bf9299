import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Shape } from '../graph/graph.ts';
import { prune, renameTensors } from '../graph/passes.ts';
import { inferShapes, type Shapes } from '../graph/shapes.ts';
import { nearness, type Objective } from './objectives.ts';

/** Channels from which on halves are worth being cut apart: below, the copies take longer than what they save. */
const CUT = 256;
/** Parts of a concatenation: more would be many small products. */
const MOST_PARTS = 4;

/**
 * −‖G − target‖² · scale, G = F Fᵀ / (C·H·W) the Gram matrix of a layer's maps (F: C×HW). Feeds: `target`, 1×C×C, and `scale`, N.
 * Gatys, Ecker & Bethge 2016, §2.2.
 */
export const gramNearness = (tensor: string, target: string, scale: string): Objective => ({
  key: `gram-nearness(${tensor},${target},${scale})`,
  tensors: [tensor],
  write(builder, shapes) {
    const gram = writeGram(builder, tensor, shapes);
    const [batch, channels] = shapes.get(tensor)! as [number, number];
    return nearness(gram, target, scale).write(builder, new Map([...shapes, [gram, [batch, channels, channels]]]));
  },
});

/** The Gram matrices of layers, F Fᵀ / (C·H·W), N×C×C: outputs by `gramOf`. Pruned. */
export function gramProgram(graph: Graph, tensors: readonly string[]): Graph {
  const below = prune(graph, tensors);
  const builder = new GraphBuilder(below);
  const shapes = inferShapes(below);
  const grams = tensors.map((tensor) => writeGram(builder, tensor, shapes));
  const names = new Map(grams.map((gram, i) => [gram, gramOf(tensors[i]!)]));
  return renameTensors(prune(builder.graph(grams), grams), names);
}

/** The name of a layer's Gram matrix among the outputs of `gramProgram`. */
export const gramOf = (tensor: string) => `layerscope/gram(${tensor})`;

/** F Fᵀ / (C·H·W) of maps N×C×H×W: N×C×C. It is symmetric: blocks below the diagonal are turned ones from above it. */
function writeGram(builder: GraphBuilder, tensor: string, shapes: Shapes): string {
  const [, channels, ...map] = shapes.get(tensor)! as [number, number, ...number[]];
  const area = map.reduce((product, size) => product * size, 1);
  const flat = (maps: string, count: number) => builder.add('Reshape', [maps, builder.ints([0, count, area])]);
  const turn = (matrix: string) => builder.add('Transpose', [matrix], { perm: [0, 2, 1] });
  const share = builder.scalar(1 / (channels * area));
  const product = (a: string, b: string) => builder.add('Mul', [builder.add('MatMul', [a, turn(b)]), share]);
  const whole = flat(tensor, channels);
  const parts = partsOf(builder, tensor, whole, shapes).map(({ maps, count }) => flat(maps, count));
  if (parts.length < 2) parts.splice(0, 1, whole);

  // What comes back is symmetric as well: both factors get the same, which is computed once and counted twice.
  const turned = turn(whole);
  builder.held.add(turned);
  const twice = builder.scalar(2 / (channels * area));
  const standIn = builder.add('Mul', [builder.add('MatMul', [whole, turned]), twice]);

  const above = parts.map((a, i) => parts.map((b, j) => (j < i ? '' : product(a, b))));
  const rows = parts.map((_, i) =>
    joined(
      builder,
      parts.map((_, j) => (j < i ? turn(above[j]![i]!) : above[i]![j]!)),
      2,
    ),
  );
  const gram = builder.add('Identity', [joined(builder, rows, 1)]);
  builder.standIns.set(gram, standIn);
  return gram;
}

const joined = (builder: GraphBuilder, parts: readonly string[], axis: number) =>
  parts.length === 1 ? parts[0]! : builder.add('Concat', parts, { axis });

/** Maps in parts, by channels: those that they were put together from, or halves; none where that does not pay. */
function partsOf(builder: GraphBuilder, tensor: string, whole: string, shapes: Shapes) {
  const made = builder.nodes.find(({ outputs }) => outputs.includes(tensor));
  const part = (maps: string, [, count]: Shape) => ({ maps, count: count! });
  if (made?.op === 'Concat' && made.attributes.axis === 1 && made.inputs.length <= MOST_PARTS)
    return made.inputs.map((maps) => part(maps, shapes.get(maps)!));
  const channels = shapes.get(tensor)![1]!;
  if (channels < CUT) return [];
  const half = Math.ceil(channels / 2);
  return [
    [0, half],
    [half, channels],
  ].map(([from, to]) => ({
    maps: builder.add('Slice', [whole, builder.ints([from!]), builder.ints([to!]), builder.ints([1])]),
    count: to! - from!,
  }));
}
