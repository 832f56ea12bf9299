import type { Shape } from '../graph/graph.ts';

/** What layers are matched by. */
export interface Matchable {
  readonly name: string;
  readonly kind: string;
  /** Of the output, without the batch. */
  readonly shape: Shape | undefined;
  /** Whether it has weights. */
  readonly hasFilters: boolean;
}

export interface Match {
  readonly name: string;
  /** `place`: it is as many layers with weights from the first that is left, whatever its shape. */
  readonly by: 'name' | 'order' | 'place';
}

/** What of a name is the same in every format: `stem/conv`, `stem.conv` and `stem_conv` are one. */
const keyOf = ({ name }: Matchable): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');

/** Layers by their key, but those that share theirs with another. */
function byKey(layers: readonly Matchable[]): Map<string, Matchable> {
  const known = new Map<string, Matchable | undefined>();
  for (const layer of layers) known.set(keyOf(layer), known.has(keyOf(layer)) ? undefined : layer);
  return new Map([...known].flatMap(([key, layer]) => (layer ? [[key, layer]] : [])));
}

/**
 * The layer of the other model that each layer of one model is compared with: that of the same name (but for what stands between
 * its parts); of what is left, in order
 * (longest common subsequence), the next with an equal shape and weights as it has them; of layers with weights that are left
 * even then, one after the other. Layers without a counterpart are missing.
 */
export function matchLayers(layers: readonly Matchable[], others: readonly Matchable[]): Map<string, Match> {
  const matches = new Map<string, Match>();
  const names = new Set(others.map(({ name }) => name));
  for (const { name } of layers) if (names.has(name)) matches.set(name, { name, by: 'name' });
  const unnamed = layers.filter(({ name }) => !matches.has(name));
  const alikeNamed = byKey(others.filter(({ name }) => !matches.has(name)));
  for (const [key, { name }] of byKey(unnamed)) {
    const other = alikeNamed.get(key);
    if (other) matches.set(name, { name: other.name, by: 'name' });
  }
  const left = unnamed.filter(({ name }) => !matches.has(name));
  const taken = new Set([...matches.values()].map(({ name }) => name));
  const free = others.filter(({ name }) => !taken.has(name));
  const pairs = inOrder(left, free);
  for (const [a, b] of pairs) matches.set(a.name, { name: b.name, by: 'order' });
  const used = new Set(pairs.map(([, b]) => b));
  const rest = free.filter((layer) => layer.hasFilters && !used.has(layer));
  left
    .filter(({ name, hasFilters }) => hasFilters && !matches.has(name))
    .slice(0, rest.length)
    .forEach(({ name }, i) => matches.set(name, { name: rest[i]!.name, by: 'place' }));
  return matches;
}

const alike = (a: Matchable, b: Matchable): boolean =>
  a.hasFilters === b.hasFilters && a.shape !== undefined && String(a.shape) === String(b.shape);

/** The longest list of pairs that are alike and in the order of both. */
function inOrder(a: readonly Matchable[], b: readonly Matchable[]): (readonly [Matchable, Matchable])[] {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = alike(a[i]!, b[j]!)
        ? longest[(i + 1) * width + j + 1]! + 1
        : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const pairs: (readonly [Matchable, Matchable])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (alike(a[i]!, b[j]!)) pairs.push([a[i++]!, b[j++]!]);
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
