import { damaged } from '../failure.ts';
import type { StoredArray } from '../hdf5/dataset.ts';

/** An array that a model's file holds. */
export interface StoredWeight extends StoredArray {
  /** As the file says it, `conv1/kernel` (without `:0`). */
  readonly name: string;
  /** The layer of the outermost model that it belongs to, where the file says so. */
  readonly group?: string;
  /** Where Keras 3 has it in the file. */
  readonly place?: string;
}

/** Finds the weights of layers by the names that Keras gives them. */
export class WeightTable {
  readonly #byGroup = new Map<string | undefined, StoredWeight[]>();
  /** By the last part of the scope, `conv1` of `model/conv1/kernel`. */
  readonly #byScope = new Map<string, StoredWeight[]>();
  readonly #found = new Map<string, readonly StoredWeight[]>();

  constructor(all: readonly StoredWeight[]) {
    for (const weight of all) {
      push(this.#byGroup, weight.group, weight);
      push(this.#byScope, last(scopeOf(weight.name)), weight);
    }
  }

  /**
   * One weight of a layer. `path`: the names of the models around the layer and its own.
   * `names`: all weights that the layer has, in Keras' order, for files whose names tell nothing.
   */
  find(path: readonly string[], name: string, names: readonly string[]): StoredWeight | undefined {
    const own = this.of(path);
    const named = own.find((weight) => last(weight.name) === name);
    return named ?? (own.length === names.length ? own[names.indexOf(name)] : undefined);
  }

  /** All weights of a layer, in the file's order. */
  of(path: readonly string[]): readonly StoredWeight[] {
    const key = path.join('/');
    let found = this.#found.get(key);
    if (!found) this.#found.set(key, (found = this.#search(path, key)));
    return found;
  }

  #search(path: readonly string[], key: string): readonly StoredWeight[] {
    const layer = path.at(-1)!;
    const scoped = (this.#byScope.get(last(layer)) ?? []).filter(
      ({ group }) => group === undefined || path.includes(group),
    );
    for (const scope of [key, layer]) {
      const inside = scoped.filter(({ name }) => isIn(name, scope));
      if (inside.length > 0) return inside;
    }
    return path.length === 1 ? (this.#byGroup.get(layer) ?? []) : [];
  }

  require(path: readonly string[], name: string, names: readonly string[]): StoredWeight {
    const found = this.find(path, name, names);
    if (found) return found;
    throw damaged(
      `layer '${path.join('/')}' has no weight '${name}' in the file; save the whole model with its weights`,
    );
  }
}

const last = (name: string) => name.slice(name.lastIndexOf('/') + 1);

const scopeOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** Whether the part before the last slash ends with this scope. */
function isIn(name: string, scope: string): boolean {
  const own = scopeOf(name);
  return own === scope || own.endsWith(`/${scope}`);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
