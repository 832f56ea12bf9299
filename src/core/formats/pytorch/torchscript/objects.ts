import { elements, numbers } from '../../../graph/tensor.ts';
import type { Network } from '../aten/network.ts';
import { TensorRef } from '../aten/values.ts';
import { Dict, Instance, itemsOf, TensorView, Tuple, type Value } from '../pickle/values.ts';
import type { PickledArchive } from '../pickled-archive.ts';
import type { Objects } from './interpreter.ts';
import { Module, NotReadable, type ScriptValue } from './values.ts';

/** The modules and constants of an archive, as its code asks for them; tensors become weights of the graph. */
export class ScriptObjects implements Objects {
  readonly #modules = new Map<Instance, Module>();
  readonly #tensors = new Map<TensorView, ScriptValue>();
  readonly #constants: readonly Value[];

  constructor(
    readonly archive: PickledArchive,
    readonly network: Network,
    root: Instance,
  ) {
    this.#constants = itemsOf(archive.read('constants'));
    this.#modules.set(root, new Module(root, ''));
  }

  /** Class names of the modules that the code has asked for, by path. */
  get kinds(): Map<string, string> {
    return new Map([...this.#modules.values()].map(({ path, type }) => [path, type.split('.').at(-1)!]));
  }

  attribute(module: Module, name: string): ScriptValue | undefined {
    const { state } = module.instance;
    const value = state instanceof Dict ? state.entries.get(name) : undefined;
    return value === undefined ? undefined : this.#value(value, module.path === '' ? name : `${module.path}.${name}`);
  }

  constant(name: string): ScriptValue | undefined {
    const value = /^c\d+$/.test(name) ? this.#constants[Number(name.slice(1))] : undefined;
    return value === undefined ? undefined : this.#value(value, `constants.${name}`);
  }

  #value(value: Value, name: string): ScriptValue {
    if (value instanceof TensorView) return this.#tensor(value, name);
    if (value instanceof Instance) {
      const known = this.#modules.get(value) ?? new Module(value, name);
      this.#modules.set(value, known);
      return known;
    }
    if (Array.isArray(value) || value instanceof Tuple)
      return itemsOf(value).map((item, i) => this.#value(item, `${name}.${i}`));
    if (value === null || ['number', 'boolean', 'string'].includes(typeof value)) return value as ScriptValue;
    throw new NotReadable(`the attribute '${name}'`);
  }

  /** A tensor without axes is a number. */
  #tensor(view: TensorView, name: string): ScriptValue {
    const known = this.#tensors.get(view);
    if (known !== undefined) return known;
    const tensor = this.archive.tensor(view, name);
    const value =
      tensor.shape.length === 0 && elements(tensor.shape) === 1
        ? numbers(tensor)[0]!
        : new TensorRef(this.network.weight(name, tensor));
    this.#tensors.set(view, value);
    return value;
  }
}
