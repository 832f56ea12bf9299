import { affineAfter, type Affine } from '../graph/fold-affine.ts';
import { consumers, producers, type Node } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Layer, Model } from '../model.ts';
import type { Dead } from '../results.ts';
import { kernelNode } from './kernels.ts';

/** A filter has no weights when none of them reaches this share of the layer's largest. */
const NOTHING = 1e-6;

/** Nodes that give only zero and above. */
const NEVER_NEGATIVE = new Set(['Relu', 'Sigmoid', 'HardSigmoid', 'Softmax', 'Softplus', 'Abs', 'Exp']);
/** Nodes whose values are never negative where those they take are not. */
const KEEPS_SIGN = new Set(
  'MaxPool AveragePool GlobalAveragePool GlobalMaxPool Concat Identity Flatten Reshape Squeeze Unsqueeze Transpose Dropout'.split(
    ' ',
  ),
);

/**
 * Why each filter of a layer says nothing; undefined for those that may. Batch normalisation behind the kernel counts as part
 * of it, where it alone follows.
 * - `zero`: no weight reaches a millionth of the layer's largest, so its answer is the same everywhere;
 * - `never`: what it sees is never negative, neither a weight nor its bias is positive, and a rectifier follows: its answer
 *   is zero, whatever the image.
 */
export function deadFilters(model: Model, layer: Layer, weights: Tensor<'float32'>): (Dead | undefined)[] {
  const node = kernelNode(model, layer)!;
  const count = weights.shape[0]!;
  const affine = affineBehind(model, node, count);
  const bias = biasOf(model, node, count);
  const size = weights.data.length / count;
  const ranges = Array.from({ length: count }, (_, unit) => {
    const own = weights.data.subarray(unit * size, (unit + 1) * size);
    const scale = affine?.scale[unit] ?? 1;
    let [low, high] = [0, 0];
    for (const value of own) [low, high] = [Math.min(low, value * scale), Math.max(high, value * scale)];
    return { low, high, shift: bias === undefined ? undefined : bias[unit]! * scale + (affine?.shift[unit] ?? 0) };
  });
  const largest = ranges.reduce((most, { low, high }) => Math.max(most, -low, high), 0);
  const rectified = isRectified(model, layer) && isNeverNegative(model, node.inputs[0]!);
  return ranges.map(({ low, high, shift }) => {
    if (Math.max(-low, high) <= NOTHING * largest) return 'zero';
    return rectified && high <= 0 && shift !== undefined && shift <= 0 ? 'never' : undefined;
  });
}

function affineBehind({ graph }: Model, node: Node, filters: number): Affine | undefined {
  return node.op === 'Conv'
    ? affineAfter(node, filters, consumers(graph), new Set(graph.outputs), graph.constants).affine
    : undefined;
}

/** Zeros without one; undefined where it is no constant with a value a filter. */
function biasOf({ graph }: Model, node: Node, filters: number): Float32Array | undefined {
  const name = node.inputs[2];
  if (node.op === 'MatMul') return undefined; // its bias is a node of its own
  if (!name) return new Float32Array(filters);
  const bias = graph.constants.get(name);
  return bias?.dtype === 'float32' && bias.data.length === filters ? (bias.data as Float32Array) : undefined;
}

/** Whether the layer's own activation function, or the one that alone follows it, holds back what is below zero. */
export function isRectified({ graph }: Model, { after }: Layer): boolean {
  const made = producers(graph).get(after);
  return made !== undefined && isRectifier(graph.constants, made);
}

function isRectifier(constants: Model['graph']['constants'], { op, inputs }: Node): boolean {
  return op === 'Relu' || (op === 'Clip' && constants.get(inputs[1] ?? '')?.data[0] === 0);
}

function isNeverNegative({ graph }: Model, tensor: string): boolean {
  const made = producers(graph);
  const queue = [tensor];
  for (const name of queue) {
    const node = made.get(name);
    if (!node) return false;
    if (NEVER_NEGATIVE.has(node.op) || isRectifier(graph.constants, node)) continue;
    if (!KEEPS_SIGN.has(node.op)) return false;
    queue.push(...(node.op === 'Concat' ? node.inputs : [node.inputs[0]!]));
  }
  return true;
}

/**
 * Whether each channel of N×C×… answers nowhere: zero at every position of every image; with `rectified` (a rectifier is still
 * to come) nowhere above zero.
 */
export function silentChannels({ data, shape }: Tensor<'float32'>, rectified: boolean): boolean[] {
  const [images, channels] = shape as readonly [number, number];
  const area = data.length / (images * channels);
  const silent = Array<boolean>(channels).fill(true);
  for (let map = 0; map < images * channels; map++) {
    const c = map % channels;
    for (let i = map * area; silent[c] && i < (map + 1) * area; i++)
      silent[c] = rectified ? data[i]! <= 0 : data[i] === 0;
  }
  return silent;
}

const SAID: Readonly<Record<Dead, string>> = {
  zero: 'all their weights are zero',
  never: 'their weights and bias hold back whatever they see',
  silent: 'they answer nowhere to what is shown',
};

/** One note for each reason: `2 of 64 filters are dead: all their weights are zero.` */
export function deadNotes(dead: readonly (Dead | undefined)[], what: string): string[] {
  return (['zero', 'never', 'silent'] as const).flatMap((reason) => {
    const count = dead.filter((one) => one === reason).length;
    const state = reason === 'silent' ? 'silent' : 'dead';
    return count > 0 ? [`${count} of ${dead.length} ${what} are ${state}: ${SAID[reason]}.`] : [];
  });
}
