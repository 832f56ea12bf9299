import type { KernelOperator, LoneLayer, NamedTensor } from '../weights-only.ts';
import { laidOut, type Layout } from './call.ts';
import { DEPTHWISE } from './layers/convolution.ts';
import type { StoredWeight } from './weights.ts';

/** How a kernel of some class stands in Keras, and what brings it to the graph's order. */
interface Kernel {
  readonly kind: string;
  readonly operator?: KernelOperator;
  readonly perm?: readonly number[];
}

/** Kernels by their number of axes, where the name is `kernel`. */
const BY_AXES: Readonly<Record<number, Kernel>> = {
  2: { kind: 'Dense', operator: 'MatMul' },
  3: { kind: 'Conv1D', operator: 'Conv', perm: [2, 1, 0] },
  4: { kind: 'Conv2D', operator: 'Conv', perm: [3, 2, 0, 1] },
  5: { kind: 'Conv3D', operator: 'Conv', perm: [4, 3, 0, 1, 2] },
};

/** Kinds by a weight that they alone have. */
const BY_WEIGHT: readonly (readonly [weight: string, kind: string])[] = [
  ['moving_variance', 'BatchNormalization'],
  ['recurrent_kernel', 'RNN'],
  ['embeddings', 'Embedding'],
  ['gamma', 'LayerNormalization'],
  ['alpha', 'PReLU'],
  ['variance', 'Normalization'],
];

/** What the layers of a file that holds weights alone are; in the file's order, kernels as the graph takes them. */
export function loneLayers(weights: readonly StoredWeight[], rotated = false): LoneLayer[] {
  const layers = new Map<string, StoredWeight[]>();
  for (const weight of weights) {
    const name = layerOf(weight);
    const own = layers.get(name);
    if (own) own.push(weight);
    else layers.set(name, [weight]);
  }
  return [...layers].map(([name, own]) => loneLayer(name, own, rotated));
}

const partOf = ({ name }: StoredWeight): string => name.slice(name.lastIndexOf('/') + 1);

/** What a weight is in its layer, in Keras's terms: others call a kernel `weights` or `filters`. */
const roleOf = (weight: StoredWeight): string => partOf(weight).replace(/(^|_)(weights?|filters?)$/, '$1kernel');

/** `conv` of the weight `model/conv/kernel` in the group `conv`; `inner/conv` where the group is the model `inner`. */
function layerOf({ name, group }: StoredWeight): string {
  const scope = name.slice(0, Math.max(0, name.lastIndexOf('/')));
  if (group === undefined) return scope || name;
  if (scope === '' || scope === group || scope.endsWith(`/${group}`)) return group;
  return scope.startsWith(`${group}/`) ? scope : `${group}/${scope}`;
}

function loneLayer(name: string, stored: readonly StoredWeight[], rotated: boolean): LoneLayer {
  const parts = new Map(stored.map((weight) => [roleOf(weight), weight]));
  const spread = parts.get('depthwise_kernel');
  if (spread?.shape.length === 4) return depthwise(name, spread, parts);
  const kernel = parts.get('kernel');
  const rest = stored.filter((weight) => weight !== kernel);
  const of = kernel && kernelOf(name, kernel, parts);
  if (!kernel || !of)
    return {
      name,
      kind: BY_WEIGHT.find(([part]) => parts.has(part))?.[1] ?? 'Layer',
      weights: asTheyAre(name, stored),
    };
  const { kind, operator, perm } = of;
  return {
    name,
    kind,
    operator,
    weights: [
      turned(name, kernel, { perm, rotated: rotated && (perm?.length === 4 || kernel.shape.length === 4) }),
      ...asTheyAre(name, rest),
    ],
  };
}

function depthwise(name: string, spread: StoredWeight, parts: ReadonlyMap<string, StoredWeight>): LoneLayer {
  const rest = [...parts.values()].filter((weight) => weight !== spread);
  const kind = parts.has('pointwise_kernel') ? 'SeparableConv2D' : 'DepthwiseConv2D';
  return {
    name,
    kind,
    operator: 'Conv',
    groups: spread.shape[2]!,
    weights: [turned(name, spread, DEPTHWISE), ...asTheyAre(name, rest)],
  };
}

const CHANNELS_FIRST: Kernel = { kind: 'Conv2D', operator: 'Conv' };

/** A kernel of four axes is H×W×O×I where the bias, or the name, says that it is a transposed convolution's. */
function kernelOf(name: string, { shape }: StoredWeight, parts: ReadonlyMap<string, StoredWeight>): Kernel | undefined {
  if (parts.has('recurrent_kernel')) return { kind: 'RNN', operator: 'MatMul' };
  const found = BY_AXES[shape.length];
  if (shape.length !== 4) return found;
  const bias = parts.get('bias')?.shape[0];
  const [first, , third, fourth] = shape;
  // Keras 1 may keep it as O×I×H×W.
  if (bias === first && bias !== fourth && bias !== third) return CHANNELS_FIRST;
  const transposed = third === fourth || bias === undefined ? /transpose|deconv/i.test(name) : bias === third;
  return transposed ? { kind: 'Conv2DTranspose', operator: 'ConvTranspose', perm: [3, 2, 0, 1] } : found;
}

function turned(layer: string, stored: StoredWeight, layout: Layout): NamedTensor {
  return { name: `${layer}/${partOf(stored)}`, tensor: laidOut(stored, layout) };
}

const asTheyAre = (layer: string, stored: readonly StoredWeight[]): NamedTensor[] =>
  stored.map((weight) => turned(layer, weight, {}));
