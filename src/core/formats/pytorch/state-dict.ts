import type { KernelOperator, LoneLayer, NamedTensor } from '../weights-only.ts';

/** A module's parameters and buffers by their own names: `weight`, `running_mean` … */
type Parts = ReadonlyMap<string, NamedTensor>;

/** Which of a module's tensors comes first: what is drawn as filters. */
const KERNELS = ['weight', 'weight_v', 'in_proj_weight', 'kernel'];

/**
 * The layers of a PyTorch state dict: one for each module path, in the file's order, of the kind that its tensors show;
 * `kinds` names the classes of the modules that are known. Parameters of the model itself are layers of their own.
 */
export function stateDictLayers(
  tensors: readonly NamedTensor[],
  kinds: ReadonlyMap<string, string> = new Map(),
): LoneLayer[] {
  const modules = new Map<string, Map<string, NamedTensor>>();
  for (const tensor of tensors) {
    const dot = tensor.name.lastIndexOf('.');
    const path = dot < 0 ? tensor.name : tensor.name.slice(0, dot);
    const parts = modules.get(path) ?? new Map<string, NamedTensor>();
    parts.set(dot < 0 ? '' : tensor.name.slice(dot + 1), tensor);
    modules.set(path, parts);
  }
  let seen = false;
  return [...modules].map(([name, parts]): LoneLayer => {
    const first = KERNELS.find((own) => parts.has(own)) ?? parts.keys().next().value!;
    const weights = [parts.get(first)!, ...[...parts].flatMap(([own, tensor]) => (own === first ? [] : [tensor]))];
    const guess = guessLayer(name, first, parts, seen);
    seen ||= guess.operator === 'Conv';
    return { ...guess, kind: kinds.get(name) ?? guess.kind, name, weights };
  });
}

type Guess = Pick<LoneLayer, 'kind' | 'operator' | 'groups'>;

/** `seen`: whether a convolution stands before it, so that one input channel means a group for each channel. */
function guessLayer(name: string, first: string, parts: Parts, seen: boolean): Guess {
  const { shape } = parts.get(first)!.tensor;
  const axes = shape.length - 2;
  if (parts.has('running_mean')) return { kind: 'BatchNorm' };
  if (!KERNELS.includes(first)) return { kind: 'Parameter' };
  if (first === 'in_proj_weight') return { kind: 'MultiheadAttention', operator: 'Gemm' };
  if (axes === 0) return isEmbedding(name, parts) ? { kind: 'Embedding' } : { kind: 'Linear', operator: 'Gemm' };
  if (axes < 0) return { kind: parts.has('bias') ? 'Norm' : 'Parameter' };
  if (axes > 3) return { kind: 'Parameter' };
  const [operator, kind]: [KernelOperator, string] = isTransposed(name, shape, parts)
    ? ['ConvTranspose', `ConvTranspose${axes}d`]
    : ['Conv', `Conv${axes}d`];
  const depthwise = operator === 'Conv' && seen && shape[1] === 1 && shape[0]! > 1;
  return { kind, operator, ...(depthwise && { groups: shape[0]! }) };
}

const isEmbedding = (name: string, parts: Parts): boolean => !parts.has('bias') && /emb|^wte$|^wpe$/i.test(name);

/** A kernel is I×O where its bias fits the second axis alone. */
function isTransposed(name: string, shape: readonly number[], parts: Parts): boolean {
  const bias = parts.get('bias')?.tensor.shape;
  if (bias?.length === 1 && shape[0] !== shape[1]) return bias[0] === shape[1];
  return /transpose|deconv/i.test(name);
}
