import type { LayerSummary } from '../../protocol/worker.ts';

type Named = Pick<LayerSummary, 'name' | 'hasFilters'>;

/**
 * The model's layer that code means by one of these names: the same name, else the same but for `/`, `.`, `-` and `_`,
 * else the same within what PyTorch wraps a network in (`module.conv1`), else the node with weights among those that an
 * exporter made of the layer (`model/conv1/Conv2D`). `*.conv1` is a `conv1` in any module, `*_relu` the first layer that is called so.
 */
export function findLayer<L extends Named>(layers: readonly L[], names: readonly string[]): L | undefined {
  for (const same of [exactly, loosely, wrapped, somewhere, asPart])
    for (const name of names) {
      const found = layers.filter((layer) => same(layer.name, name));
      if (found.length > 0) return found.find(({ hasFilters }) => hasFilters) ?? found.at(same === somewhere ? 0 : -1);
    }
  return undefined;
}

/** What `DataParallel`, `torch.compile` and training loops put before a network's paths. */
const WRAPPERS = /^((module|model|_orig_mod)\.)+/;

const exactly = (a: string, b: string): boolean => a === b;
const plain = (name: string): string => name.replaceAll(/[/.\-_]+/g, '_');
const loosely = (a: string, b: string): boolean => plain(a) === plain(b);
const wrapped = (layer: string, name: string): boolean => layer.replace(WRAPPERS, '') === name;
const somewhere = (layer: string, name: string): boolean =>
  name.includes('*') && (isLike(layer, name) || (!name.startsWith('*.') && isLike(plain(layer), plain(name))));
const asPart = (layer: string, name: string): boolean => layer.split('/').includes(name);

/** Whether a name is a pattern's: its parts between `*` in their order, each as early as may be, the last one at the end. */
function isLike(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first, last] = [parts.shift()!, parts.pop()!];
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  return parts.every((part) => {
    const found = name.indexOf(part, at);
    at = found + part.length;
    return found >= 0 && at <= end;
  });
}
