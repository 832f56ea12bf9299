import type { Node } from '../../../graph/graph.ts';
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
const VIEWS = new Set(['Slice', 'Reshape', 'Transpose', 'Expand']);

/** How far back such operators are looked for. */
const MOST_VIEWS = 64;

/** Brings the calls of a network, one by one and in order, into a graph. */
export class AtenImporter {
  readonly steps: Step[] = [];
  readonly unknown: UnknownOperator[] = [];
  readonly #values = new Map<string, AtenValue>();
  /** What a tensor is since it was written into: the tensor that came of it. */
  readonly #now = new Map<string, string>();
  /** The operator that made each tensor, and what it made it of. */
  readonly #makers = new Map<string, Node>();

  constructor(readonly network: Network) {}

  /** What a name of the file stands for; undefined for one that nothing has made. */
  value(name: string): AtenValue | undefined {
    return this.#values.get(name);
  }

  define(name: string, value: AtenValue): void {
    this.#values.set(name, value);
  }

  /** A value as it is now: tensors that were written into are what came of that. */
  current(value: AtenValue): AtenValue {
    if (Array.isArray(value)) return (value as readonly AtenValue[]).map((one) => this.current(one));
    if (!(value instanceof TensorRef) || !this.#now.has(value.name)) return value;
    let { name } = value;
    for (let next = this.#now.get(name); next !== undefined; next = this.#now.get(name)) name = next;
    this.#now.set(value.name, name);
    return new TensorRef(name);
  }

  take(given: AtenCall): AtenValue {
    const call = {
      ...given,
      args: given.args.map((value) => this.current(value)),
      named: new Map([...given.named].map(([name, value]) => [name, this.current(value)] as const)),
    };
    if (this.steps.length >= MOST_CALLS) throw damaged(`it calls more than ${MOST_CALLS} functions; export it again`);
    const { draft } = this.network;
    const before = draft.nodes.length;
    const own = plainName(call.name);
    const label = call.module === '' ? own : call.module;
    const values = [...call.args, ...call.named.values()];
    const inputs = values.flatMap(tensorsIn);
    const result = this.#write(call, label, inputs);
    const [output] = tensorsIn(result);
    for (const node of draft.nodes.slice(before)) for (const name of node.outputs) this.#makers.set(name, node);
    this.steps.push({
      module: call.module,
      name: own,
      nodes: draft.nodes.slice(before).map(({ name }) => name),
      inputs,
      output,
    });
    const [target] = values;
    if (own !== call.name && target instanceof TensorRef && output !== undefined && target.name !== output)
      this.#overwrite(call, target.name, output);
    return result;
  }

  #write(call: AtenCall, label: string, inputs: readonly string[]): AtenValue {
    const known = atenFunction(call.name, call.overload);
    if (!known) return this.#opaque(call, label, inputs, true);
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

  /**
   * A tensor that was written into is from now on what came of that. What it is a view of has changed too, which no operator
   * of the graph says: it is not known from now on.
   */
  #overwrite(call: AtenCall, target: string, result: string): void {
    const { draft } = this.network;
    this.#now.set(target, result);
    let maker = this.#makers.get(target);
    for (let i = 0; i < MOST_VIEWS && maker && VIEWS.has(maker.op); i++) {
      const base: string = maker.inputs[0]!;
      const changed = draft.unique(base);
      draft.addNode(`aten.${call.name}`, [base, result], [changed], {}, `${base}/written`);
      this.unknown.push({ op: `aten.${call.name}`, node: draft.nodes.at(-1)!.name });
      this.#now.set(base, changed);
      maker = this.#makers.get(base);
    }
  }
}
