import { damaged } from '../failure.ts';

/** An array that a model's file holds. */
export interface StoredWeight {
  /** As the file says it, `conv1/kernel` (without `:0`). */
  readonly name: string;
  /** The layer of the outermost model that it belongs to, where the file says so. */
  readonly group?: string;
  readonly shape: readonly number[];
  /** Its values; throws a file error where they can't be read. */
  read(): Float32Array;
}

/** Finds the weights of layers by the names that Keras gives them. */
export class WeightTable {
  readonly #all: readonly StoredWeight[];

  constructor(all: readonly StoredWeight[]) {
    this.#all = all;
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
    const [outer] = path;
    const layer = path.at(-1)!;
    const candidates = this.#all.filter(({ group }) => group === undefined || group === outer);
    const whole = candidates.filter(({ name }) => isIn(name, path.join('/')));
    if (whole.length > 0) return whole;
    const direct = candidates.filter(({ name }) => isIn(name, layer));
    if (direct.length > 0) return direct;
    return path.length === 1 ? candidates.filter(({ group }) => group !== undefined) : [];
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

/** Whether the part before the last slash ends with this scope. */
function isIn(name: string, scope: string): boolean {
  const own = name.slice(0, Math.max(0, name.lastIndexOf('/')));
  return own === scope || own.endsWith(`/${scope}`);
}
