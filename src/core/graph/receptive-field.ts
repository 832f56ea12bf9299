import type { Graph, Node } from './graph.ts';
import { shapeContext, type Shapes } from './shapes.ts';
import { constantNumbers } from './operator.ts';
import { reach, windowOf } from './windows.ts';

type Pair = readonly [number, number];

/**
 * What one position of a map sees of the input, in its pixels; all pairs are [y, x].
 * Araujo, Norris & Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks".
 */
export interface ReceptiveField {
  readonly size: Pair;
  /** How far the fields of neighbouring positions are apart; 0 where every position sees the same. */
  readonly stride: Pair;
  /** The upper left corner of the first position's field; negative where padding is seen. */
  readonly start: Pair;
}

/** The receptive field of every tensor with respect to an image input; none for what does not see it. */
export function receptiveFields(graph: Graph, shapes: Shapes): Map<string, ReceptiveField> {
  const fields = new Map<string, ReceptiveField>();
  const sizes = new Map<string, Pair>();
  for (const { name, shape } of graph.inputs)
    if (shape.length === 4) {
      fields.set(name, { size: [1, 1], stride: [1, 1], start: [0, 0] });
      sizes.set(name, [shape[2]!, shape[3]!]);
    }
  for (const node of graph.nodes) {
    const seen = node.inputs.map((name) => fields.get(name)).filter((field) => field !== undefined);
    if (seen.length === 0 || !shapes.has(node.outputs[0]!)) continue;
    const whole = [...sizes.values()][0]!;
    const field = through(node, seen.reduce(union), whole, shapes, graph);
    for (const output of node.outputs) fields.set(output, field);
  }
  return fields;
}

const everything = (whole: Pair): ReceptiveField => ({ size: whole, stride: [0, 0], start: [0, 0] });

function through(node: Node, field: ReceptiveField, whole: Pair, shapes: Shapes, graph: Graph): ReceptiveField {
  const context = shapeContext(node, shapes, graph.constants);
  const rank = context.inputs[0]?.length;
  if (shapes.get(node.outputs[0]!)!.length !== 4) return everything(whole);
  switch (node.op) {
    case 'Conv':
    case 'MaxPool':
    case 'AveragePool': {
      const window = windowOf(context, node.op === 'Conv' ? context.inputs[1]!.slice(2) : undefined);
      const axis = (i: 0 | 1) => ({
        size: field.size[i] + (reach(window, i) - 1) * field.stride[i],
        stride: field.stride[i] * window.strides[i]!,
        start: field.start[i] - window.begin[i]! * field.stride[i],
      });
      return pairs(axis(0), axis(1));
    }
    case 'ConvTranspose': {
      const window = windowOf(context, context.inputs[1]!.slice(2));
      const axis = (i: 0 | 1) => {
        const stride = field.stride[i] / window.strides[i]!;
        const taps = Math.ceil(reach(window, i) / window.strides[i]!);
        return {
          size: field.size[i] + (taps - 1) * field.stride[i],
          stride,
          start: field.start[i] - (taps - 1) * field.stride[i],
        };
      };
      return pairs(axis(0), axis(1));
    }
    case 'Resize': {
      const from = context.inputs[0]!;
      const to = shapes.get(node.outputs[0]!)!;
      const axis = (i: 0 | 1) => ({
        size: field.size[i] + (from[i + 2] === to[i + 2] ? 0 : field.stride[i]),
        stride: (field.stride[i] * from[i + 2]!) / to[i + 2]!,
        start: field.start[i],
      });
      return pairs(axis(0), axis(1));
    }
    case 'Pad': {
      const pads = constantNumbers(context, 1);
      const before = pads.length === 8 ? [pads[2]!, pads[3]!] : [0, 0];
      return {
        ...field,
        start: [field.start[0] - before[0]! * field.stride[0], field.start[1] - before[1]! * field.stride[1]],
      };
    }
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'Reshape':
    case 'Flatten':
    case 'MatMul':
    case 'Gemm':
      return everything(whole);
    default:
      return (node.op.startsWith('Reduce') || node.op === 'Transpose') && rank === 4 && !keepsMaps(node)
        ? everything(whole)
        : field;
  }
}

/** A transposition that leaves height and width last, or a reduction that is not over them, keeps maps as they are. */
const keepsMaps = (node: Node) => node.op === 'Transpose' && String(node.attributes['perm']).endsWith('2,3');

const pairs = (
  y: { size: number; stride: number; start: number },
  x: { size: number; stride: number; start: number },
): ReceptiveField => ({ size: [y.size, x.size], stride: [y.stride, x.stride], start: [y.start, x.start] });

/** What several fields see together: branches that meet. */
function union(a: ReceptiveField, b: ReceptiveField): ReceptiveField {
  const axis = (i: 0 | 1) => {
    const start = Math.min(a.start[i], b.start[i]);
    const end = Math.max(a.start[i] + a.size[i], b.start[i] + b.size[i]);
    return { size: end - start, stride: Math.max(a.stride[i], b.stride[i]), start };
  };
  return pairs(axis(0), axis(1));
}
