import { Dict, Instance, TensorView, type Value } from './pickle/values.ts';

/** What a checkpoint holds of the network. */
export interface Found {
  /** By the names of a state dict: `features.0.weight`. */
  readonly tensors: ReadonlyMap<string, TensorView>;
  /** Class names of the modules by path, where the modules themselves were saved. */
  readonly kinds: ReadonlyMap<string, string>;
  /** The class of the whole module, where it was saved as such. */
  readonly module?: string;
  /** Where in the checkpoint it stands, as keys. */
  readonly path: readonly string[];
}

/** Under what training scripts put the weights that they want used, best first. */
const USUAL =
  'ema state_dict_ema model_ema params_ema state_dict model_state_dict model_state model net network params weights';

/** Deeper than any checkpoint or network nests. */
const DEEPEST = 64;

/** The weights of the network in what was saved: a state dict, a module, or one of them among other things. */
export function findWeights(saved: Value): Found | undefined {
  return find(saved, [], new Set());
}

function find(value: Value, path: readonly string[], seen: Set<Value>): Found | undefined {
  if (path.length > DEEPEST || seen.has(value)) return undefined;
  seen.add(value);
  if (value instanceof Instance) {
    const found = readModule(value);
    return found.tensors.size > 0 ? { ...found, module: value.type, path } : undefined;
  }
  if (!(value instanceof Dict)) return undefined;
  const tensors = flatten(value);
  if (tensors.size > 0) return { tensors, kinds: new Map(), path };
  const named = [...value.entries].filter((entry): entry is [string, Value] => typeof entry[0] === 'string');
  const usual = USUAL.split(' ');
  const rank = (key: string) => (usual.includes(key) ? usual.indexOf(key) : usual.length);
  const candidates = named
    .map(([key, inner]) => ({ rank: rank(key), found: find(inner, [...path, key], seen) }))
    .filter((one): one is { rank: number; found: Found } => one.found !== undefined);
  candidates.sort((a, b) => a.rank - b.rank || b.found.tensors.size - a.found.tensors.size);
  return candidates[0]?.found;
}

/** A state dict's own tensors. */
function flatten(dict: Dict): Map<string, TensorView> {
  const tensors = new Map<string, TensorView>();
  for (const [key, value] of dict.entries)
    if (typeof key === 'string' && value instanceof TensorView) tensors.set(key, value);
  return tensors;
}

/** What a module is made of: `torch.nn.Module` keeps it in three attributes, TorchScript beside all others. */
function membersOf({ state, type }: Instance): (readonly [Value, Value])[] {
  if (!(state instanceof Dict)) return [];
  if (type.startsWith('__torch__.')) return [...state.entries];
  return ['_parameters', '_buffers', '_modules'].flatMap((name) => {
    const part = state.entries.get(name);
    return part instanceof Dict ? [...part.entries] : [];
  });
}

interface Step {
  readonly module: Instance;
  readonly path: string;
  readonly depth: number;
}

/** Parameters, buffers and classes of a module and of those inside it, in their order. */
function readModule(root: Instance): Pick<Found, 'tensors' | 'kinds'> {
  const tensors = new Map<string, TensorView>();
  const kinds = new Map<string, string>();
  const seen = new Set<Instance>();
  const steps: Step[] = [{ module: root, path: '', depth: 0 }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { module, path, depth } = step;
    if (seen.has(module) || depth > DEEPEST) continue;
    seen.add(module);
    if (path !== '') kinds.set(path, module.type.split('.').at(-1)!);
    const nameOf = (own: Value) => (path === '' ? String(own) : `${path}.${String(own)}`);
    const members = membersOf(module);
    for (const [own, value] of members) if (value instanceof TensorView) tensors.set(nameOf(own), value);
    const inner = members.flatMap(([own, value]): Step[] =>
      value instanceof Instance ? [{ module: value, path: nameOf(own), depth: depth + 1 }] : [],
    );
    steps.push(...inner.reverse());
  }
  return { tensors, kinds };
}
