import type { AtenValue, TensorRef } from '../aten/values.ts';
import type { Instance } from '../pickle/values.ts';

/** A module of the network, with its place in it. */
export class Module {
  constructor(
    readonly instance: Instance,
    /** `features.0`; `''` for the network itself. */
    readonly path: string,
  ) {}

  /** Qualified name of its class. */
  get type(): string {
    return this.instance.type;
  }
}

/** A function or namespace by its qualified name: `torch.relu`. */
export class Named {
  constructor(readonly name: string) {}
}

/** A method of a module. */
export class Method {
  constructor(
    readonly module: Module,
    readonly name: string,
  ) {}
}

/** What an expression of TorchScript can come to. Lists and tuples are arrays; lists may grow. */
export type ScriptValue = TensorRef | Module | Named | Method | number | boolean | string | null | ScriptValue[];

/** Thrown where the code does what can't be known without running it: the message names it. */
export class NotReadable extends Error {}

/** A value as functions of PyTorch take it. */
export function toAten(value: ScriptValue): AtenValue {
  if (Array.isArray(value)) return value.map(toAten);
  if (value instanceof Module || value instanceof Named || value instanceof Method)
    throw new NotReadable('a module is given to a function');
  return value;
}

export const fromAten = (value: AtenValue): ScriptValue =>
  Array.isArray(value) ? (value as readonly AtenValue[]).map(fromAten) : (value as ScriptValue);
