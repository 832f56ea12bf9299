import type { UnknownOperator } from '../../../model.ts';
import { damaged } from '../../failure.ts';
import { Call } from './call.ts';
import { atenFunction, plainName } from './index.ts';
import type { Network } from './network.ts';
import { ShapeUnknown, TensorRef, tensorsIn, Unsupported, type AtenValue } from './values.ts';

/** A function of PyTorch as a file calls it. */
export interface AtenCall {
  /** Without its overload: `add_`. */
  readonly name: string;
  readonly overload?: string;
  /** In the schema's order. */
  readonly args: readonly AtenValue[];
  /** By their names in the schema. */
  readonly named: ReadonlyMap<string, AtenValue>;
  /** How many values it gives; 1 unless it is a tuple. */
  readonly outputs?: number;
  /** Path of the module that calls it: `features.0`; `''` for the network itself. */
  readonly module: string;
}

/** What a call became. */
export interface Step {
  readonly module: string;
  /** Plain name of the function. */
  readonly name: string;
  /** Names of its nodes in the graph. */
  readonly nodes: readonly string[];
  readonly inputs: readonly string[];
  readonly output: string | undefined;
}

/** More than any network calls. */
const MOST_CALLS = 50_000;

/** Operators whose output lies in the memory of their input: writing into it would change that too. */
const VIEWS = new Set(['Slice', 'Gather', 'Split']);

/** Brings the calls of a network, one by one and in order, into a graph. */
export class AtenImporter {
  readonly steps: Step[] = [];
  readonly unknown: UnknownOperator[] = [];
  readonly #values = new Map<string, AtenValue>();
  /** The file's names of each tensor. */
  readonly #names = new Map<string, string[]>();
  /** The operator that made each tensor. */
  readonly #makers = new Map<string, string>();

  constructor(readonly network: Network) {}

  /** What a name of the file stands for; undefined for one that nothing has made. */
  value(name: string): AtenValue | undefined {
    return this.#values.get(name);
  }

  define(name: string, value: AtenValue): void {
    this.#values.set(name, value);
    if (!(value instanceof TensorRef)) return;
    const names = this.#names.get(value.name);
    if (names) names.push(name);
    else this.#names.set(value.name, [name]);
  }

  take(call: AtenCall): AtenValue {
    if (this.steps.length >= MOST_CALLS) throw damaged(`it calls more than ${MOST_CALLS} functions; export it again`);
    const { draft } = this.network;
    const before = draft.nodes.length;
    const own = plainName(call.name);
    const label = call.module === '' ? own : call.module;
    const given = [...call.args, ...call.named.values()];
    const inputs = given.flatMap(tensorsIn);
    const result = this.#write(call, label, inputs);
    const [output] = tensorsIn(result);
    for (const node of draft.nodes.slice(before)) for (const name of node.outputs) this.#makers.set(name, node.op);
    this.steps.push({
      module: call.module,
      name: own,
      nodes: draft.nodes.slice(before).map(({ name }) => name),
      inputs,
      output,
    });
    const [target] = inputs;
    if (own !== call.name && target !== undefined && output !== undefined && given[0] instanceof TensorRef)
      this.#overwrite(target, output);
    return result;
  }

  #write(call: AtenCall, label: string, inputs: readonly string[]): AtenValue {
    const known = atenFunction(call.name, call.overload);
    if (!known || this.#writesThroughView(call, inputs)) return this.#opaque(call, label, inputs, true);
    const args = new Map([
      ...call.args.map((value, i) => [known.parameters[i] ?? `${i}`, value] as const),
      ...call.named,
    ]);
    try {
      return known.write(new Call(this.network, label, args));
    } catch (error) {
      if (error instanceof Unsupported) return this.#opaque(call, label, inputs, true);
      if (error instanceof ShapeUnknown) return this.#opaque(call, label, inputs, false);
      throw error;
    }
  }

  /** A node that can be seen, not run. `blamed`: it is what is not known, not something before it. */
  #opaque(call: AtenCall, label: string, inputs: readonly string[], blamed: boolean): AtenValue {
    const { draft } = this.network;
    const op = `aten.${plainName(call.name)}`;
    const count = call.outputs ?? 1;
    const outputs = Array.from({ length: count }, () => draft.unique(label));
    draft.addNode(op, inputs, outputs, {}, label);
    if (blamed) this.unknown.push({ op, node: draft.nodes.at(-1)!.name });
    const values = outputs.map((name) => new TensorRef(name));
    return count === 1 ? values[0]! : values;
  }

  #writesThroughView({ name }: AtenCall, [target]: readonly string[]): boolean {
    if (plainName(name) === name || target === undefined) return false;
    return VIEWS.has(this.#makers.get(target) ?? '');
  }

  /** All names of a tensor that was written into mean what it is now. */
  #overwrite(target: string, result: string): void {
    if (target === result) return;
    const names = this.#names.get(target) ?? [];
    this.#names.delete(target);
    for (const name of names) {
      const value = this.#values.get(name);
      if (value instanceof TensorRef && value.name === target) this.define(name, new TensorRef(result));
    }
  }
}
