import type { Element } from '../elements.ts';

/** A class or function by its name, `torch.nn.modules.conv.Conv2d`: never looked up, never called. */
export class Global {
  constructor(readonly name: string) {}
}

/** An object of some class, of which the name and what was stored for it are known. */
export class Instance {
  /** What `__setstate__` or `__dict__` would have got. */
  state: Value = null;

  constructor(
    readonly type: string,
    readonly args: Value,
  ) {}
}

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** `dict` and `OrderedDict`. */
export class Dict {
  readonly entries = new Map<Value, Value>();
}

/** The array that tensors are views of: a file of its own in the archive. */
export class Storage {
  constructor(
    readonly key: string,
    /** Undefined for numbers of a kind that is not read (quantised, complex). */
    readonly element: Element | undefined,
    /** How many. */
    readonly count: number,
  ) {}
}

export class TensorView {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    /** Where not that of the storage. */
    readonly element: Element | undefined = storage.element,
  ) {}
}

/** What a pickle can hold, as far as it is read. Lists and sets are arrays. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value[]
  | Tuple
  | Dict
  | Global
  | Instance
  | Storage
  | TensorView;

/** The items of a tuple or list; none for anything else. */
export const itemsOf = (value: Value | undefined): readonly Value[] =>
  value instanceof Tuple ? value.items : Array.isArray(value) ? value : [];
