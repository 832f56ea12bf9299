import { GraphBuilder } from '../graph/builder.ts';
import { consumers, producers, type Graph, type Node } from '../graph/graph.ts';
import { number } from '../graph/operator.ts';
import { prune } from '../graph/passes.ts';
import { inferShapes, shapeContext, type Shapes } from '../graph/shapes.ts';
import { slide, windowOf } from '../graph/windows.ts';

/** Values of the largest window that it pays for. */
const MOST_TAPS = 9;
/** What counts for less than any value; a difference to it may be infinite, which is a gate as well. */
const LOWEST = -3.4e38;
const INT32 = 6;

/**
 * The places of max-pools' largest values, for ONNX Runtime: it looks for them value by value, which on photos, where no branch
 * can be foreseen, takes 30 times as long as the pooling itself. The same by pooling alone: p_k the largest of a window's first k
 * values in row-major order, M of all, the first largest one is number Σ_k [p_k < M]. Of a whole rows and b values of the next one,
 * p is below M where both the a rows are and the rectangle of a + 1 rows and b columns is.
 */
export function poolSwitches(graph: Graph): Graph {
  const [made, taken] = [producers(graph), consumers(graph)];
  const scatters = graph.nodes.filter((node) => switchesOf(node, made, taken));
  if (scatters.length === 0) return graph;
  const below = scatters.map((node) => switchesOf(node, made, taken)!.inputs[0]!);
  const shapes = inferShapes(prune(graph, below));
  const builder = new GraphBuilder(graph);
  const nodes: Node[] = [];
  const found = new Map<Node, string | undefined>();
  for (const node of graph.nodes) {
    const pool = scatters.includes(node) ? switchesOf(node, made, taken)! : undefined;
    if (pool && !found.has(pool)) found.set(pool, places(builder, pool, shapes, graph));
    const at = pool && found.get(pool);
    if (at === undefined) nodes.push(node);
    else {
      const byPlane = (tensor: string) => builder.add('Reshape', [tensor, builder.ints([0, 0, -1])]);
      const values = byPlane(made.get(node.inputs[2]!)!.inputs[0]!);
      const onto = made.get(node.inputs[0]!);
      const data =
        onto?.op === 'Reshape'
          ? byPlane(onto.inputs[0]!)
          : builder.add('Expand', [builder.scalar(0), builder.add('Shape', [byPlane(pool!.inputs[0]!)])]);
      const inputs = [data, byPlane(at), values];
      nodes.push(...builder.nodes.splice(graph.nodes.length), {
        ...node,
        inputs,
        attributes: { ...node.attributes, axis: 2 },
      });
    }
  }
  return { ...builder.graph(graph.outputs), nodes };
}

/** The max-pool by whose recorded places alone a node puts values back, flat, into zeros of its input's size or onto another map. */
function switchesOf(
  node: Node,
  made: ReadonlyMap<string, Node>,
  taken: ReadonlyMap<string, readonly Node[]>,
): Node | undefined {
  if (node.op !== 'ScatterElements' || node.attributes['reduction'] !== 'add') return undefined;
  const [places, values] = [made.get(node.inputs[1]!), made.get(node.inputs[2]!)];
  if (places?.op !== 'Reshape' || values?.op !== 'Reshape') return undefined;
  const pool = made.get(places.inputs[0]!);
  const recorded = pool?.op === 'MaxPool' && pool.outputs[1] === places.inputs[0] && !taken.has(pool.outputs[0]!);
  return recorded ? pool : undefined;
}

/** Of each window's largest value, its place in the plane of its channel, int32; undefined where it does not pay. */
function places(builder: GraphBuilder, pool: Node, shapes: Shapes, graph: Graph): string | undefined {
  const context = shapeContext(pool, shapes, graph.constants);
  const window = windowOf(context);
  const [, channels, ...sizes] = context.inputs[0] as [number, number, number, number];
  const [rows, columns] = window.kernel as [number, number];
  const [height, width] = sizes;
  if (window.kernel.length !== 2 || rows * columns > MOST_TAPS || rows * columns < 2) return undefined;
  if (window.dilations.some((step) => step !== 1) || height * width > 2 ** 24) return undefined;
  const out = slide(sizes, window, number(pool, 'ceil_mode', 0) === 1) as [number, number];
  const { strides, begin } = window;
  const end = sizes.map((size, i) => Math.max(0, (out[i]! - 1) * strides[i]! + window.kernel[i]! - size - begin[i]!));
  const input = pool.inputs[0]!;
  // Poolings pad by themselves, but for windows that lie in the padding whole, as those of few values may.
  const inside = sizes.every((size, i) => begin[i] === 0 && (out[i]! - 1) * strides[i]! < size);
  const pads = [0, 0, ...begin, 0, 0, ...end];
  const x = inside ? input : builder.add('Pad', [input, builder.ints(pads), builder.scalar(LOWEST)]);
  const reached = inside ? sizes : sizes.map((size, i) => size + begin[i]! + end[i]!);
  // As many windows for all: then nothing has to be cut before the end.
  const counts = reached.map((size, i) => Math.max(out[i]!, Math.floor((size - 1) / strides[i]!) + 1));
  const cut = counts.some((count, i) => count !== out[i]);
  /** The largest values of the first rows and columns of each window. */
  const first = (a: number, b: number) => {
    const ends = [a, b].map((size, i) => Math.max(0, (counts[i]! - 1) * strides[i]! + size - reached[i]!));
    return builder.add('MaxPool', [x], { kernel_shape: [a, b], strides, pads: [0, 0, ...ends] });
  };
  // Only operators that the runtime has for its blocked layout: so nothing is rearranged before the end. `Sub` and `Neg` are not.
  const minus = builder.floats(`${pool.name}/minus`, new Float32Array(channels).fill(-1), [channels, 1, 1, 1]);
  const all = cut ? first(rows, columns) : builder.add('MaxPool', [input], pool.attributes);
  const largest = builder.add('Conv', [all, minus], { group: channels });

  /** Whether the largest value is beyond the first rows and columns of its window: 1, else 0. */
  const beyond = (a: number, b: number) =>
    builder.add('HardSigmoid', [builder.add('Add', [first(a, b), largest])], { alpha: -(2 ** 126), beta: 0 });
  const sum = (terms: readonly string[]) => terms.reduce((a, b) => builder.add('Add', [a, b]));
  const inRow = (row: number) => Array.from({ length: columns - 1 }, (_, i) => beyond(row + 1, i + 1));
  const whole = (tensor: string) =>
    cut ? builder.add('Slice', [tensor, builder.ints([0, 0]), builder.ints(out), builder.ints([2, 3])]) : tensor;
  // Rows that lie before the value, and columns before it in its own.
  const below = Array.from({ length: rows - 1 }, (_, i) => beyond(i + 1, columns));
  const along = [inRow(0), ...below.map((row, i) => inRow(i + 1).map((column) => builder.add('Mul', [row, column])))];
  const steps = along.flat().length > 0 ? [whole(sum(along.flat()))] : [];
  // Beyond a row all its columns count, but for the last.
  const row = builder.scalar(width - columns + 1);
  if (below.length > 0) steps.push(builder.add('Mul', [whole(sum(below)), row]));
  const firsts = out.map((count, i) => Array.from({ length: count }, (_, at) => at * strides[i]! - begin[i]!));
  const corners = firsts[0]!.flatMap((y) => firsts[1]!.map((column) => y * width + column));
  const corner = builder.floats(`${pool.name}/corners`, corners, [1, 1, ...out]);
  return builder.add('Cast', [sum([...steps, corner])], { to: INT32 });
}
