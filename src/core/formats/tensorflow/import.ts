import { LayerscopeError } from '../../errors.ts';
import { isKnown } from '../../graph/operators/index.ts';
import type { Shape } from '../../graph/graph.ts';
import { elements, type Tensor } from '../../graph/tensor.ts';
import { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { toValue, type Value } from '../onnx/values.ts';
import { sortSteps } from '../order.ts';
import { OpCall, Unsupported, type State } from './call.ts';
import { flow } from './flow.ts';
import { fold, unpacked } from './fold.ts';
import type { Body, Library, Loop } from './library.ts';
import { lists } from './lists.ts';
import { describeNode, text, type OpNode } from './node.ts';
import { OPS } from './operators/index.ts';
import { computed, type Computed, type Known, type Result } from './result.ts';
import { readTensor } from './tensors.ts';
import { unrolled } from './unroll.ts';

/** Deeper calls of functions than programs have. */
const MOST_CALLS = 64;
/** More nodes than a network has, the bodies of functions written out. */
const MOST_NODES = 500_000;
/** More values than are made of a file's constants, beside as many as it has bytes. */
const MOST_VALUES = 2 ** 24;

/** Where the tensors of the file come from. */
export interface Sources {
  readonly file: ModelFile;
  readonly library: Library;
  /** The values of a Const, where they do not stand in its node; undefined for types that hold no numbers. */
  constant?(node: OpNode): Tensor | undefined;
  /** The values of a variable (of its VarHandleOp, VariableV2 …). */
  variable(node: OpNode): Tensor | undefined;
}

/** A node of the file that became nodes of the graph. */
export interface Origin {
  readonly op: string;
  readonly name: string;
}

/** Brings the nodes that lead to some outputs into the graph. */
export class Importer {
  readonly draft = new Draft();
  /** By node of the graph. */
  readonly origins = new Map<string, Origin>();
  readonly unknown: { readonly op: string; readonly node: string }[] = [];
  readonly state: State;
  #nodes = 0;
  #values = 0;

  constructor(
    readonly sources: Sources,
    settings: Omit<State, 'draft' | 'constants'>,
  ) {
    this.state = { draft: this.draft, constants: new Map(), ...settings };
  }

  /** The values of `wanted` (`node:index`), from those that are given. `scope`: what the nodes' names are put in. */
  run(body: Body, wanted: readonly string[], given: ReadonlyMap<string, Result>, scope = '', depth = 0): Result[] {
    if (depth > MOST_CALLS)
      throw damaged(`functions call each other more than ${MOST_CALLS} deep; the file is damaged`);
    const results = new Map(given);
    for (const node of neededNodes(body, wanted, given)) {
      if (++this.#nodes > MOST_NODES) throw damaged(`more than ${MOST_NODES} nodes; the file is damaged`);
      const inputs = node.inputs.map((name) => results.get(name) ?? this.#further(name, results));
      const call = new OpCall({ ...node, name: scope + node.name }, inputs, this.state);
      const from = this.draft.nodes.length;
      const loop = body.loops?.get(node.name);
      const made = loop ? this.#looped(call, loop, body, scope, depth) : this.#take(call, depth);
      for (const { name } of this.draft.nodes.slice(from))
        if (!this.origins.has(name)) this.origins.set(name, { op: node.op, name: call.node.name });
      made.forEach((result, i) => results.set(`${node.name}:${i}`, result));
    }
    return wanted.map((name) => results.get(name) ?? ({ kind: 'other' } as const));
  }

  /** An output that a node did not make: of one that can't be run it is as its first, what else has none is of no use. */
  #further(name: string, results: ReadonlyMap<string, Result>): Result {
    const first = results.get(`${nodeOf(name)}:0`);
    const opaque = first?.kind === 'computed' && !this.draft.shapes.has(first.tensor);
    return opaque ? first : { kind: 'dead' };
  }

  #take(call: OpCall, depth: number): readonly Result[] {
    const { node, inputs } = call;
    const made =
      this.#stored(node) ?? flow(call) ?? lists(call, (one) => this.#written(one)) ?? this.#called(call, depth);
    if (made) return made.map((result) => this.#read(result, node));
    return this.#written(call).map((result) => scaled(result, node, inputs));
  }

  /** Constants and variables. */
  #stored(node: OpNode): readonly Result[] | undefined {
    if (node.op === 'Const') {
      const tensor = this.sources.constant ? this.sources.constant(node) : this.#constant(node);
      return [tensor ? known(node.name, tensor) : { kind: 'other' }];
    }
    if (/^(VarHandleOp|VariableV2|Variable)$/.test(node.op)) {
      const tensor = this.sources.variable(node);
      if (!tensor) throw damaged(`variable '${node.name}' has no values; freeze the graph, or open its SavedModel`);
      return [known(node.name, tensor)];
    }
    return undefined;
  }

  #constant(node: OpNode): Tensor | undefined {
    const proto = node.attributes.get('value')?.tensor;
    const tensor = proto && readTensor(proto, this.sources.file, `constant '${node.name}'`);
    if (tensor && !tensor.source) this.#count(tensor.shape);
    return tensor;
  }

  /** A small file may tell of many large tensors: what is held of them is bounded. */
  #count(shape: Shape): void {
    this.#values += elements(shape);
    if (this.#values > MOST_VALUES + this.sources.file.size)
      throw damaged('its constants make more values than such a file has; the file is damaged');
  }

  #read(result: Result, node: OpNode): Result {
    return result.kind === 'known' && result.name === '' ? { ...result, name: node.name } : result;
  }

  /** The functions that a node calls, written out. */
  #called(call: OpCall, depth: number): readonly Result[] | undefined {
    const { node, inputs } = call;
    if (node.op === 'PartitionedCall' || node.op === 'StatefulPartitionedCall')
      return this.#function(text(node, 'f'), inputs, node, depth);
    if (node.op === 'If' || node.op === 'StatelessIf') {
      const condition = call.value(0);
      if (!condition) return undefined;
      const branch = Number(condition.items[0]) ? 'then_branch' : 'else_branch';
      return this.#function(text(node, branch), inputs.slice(1), node, depth);
    }
    if (node.op === 'While' || node.op === 'StatelessWhile') {
      const turn = (name: string) => (variables: readonly Result[]) =>
        this.#function(text(node, name), variables, node, depth);
      return unrolled(inputs, (variables) => turn('cond')(variables)[0], turn('body'));
    }
    const body = this.sources.library.body(node.op);
    return body && this.#function(node.op, inputs, node, depth);
  }

  #looped(call: OpCall, { variables, constants, condition }: Loop, body: Body, scope: string, depth: number) {
    const turn = (wanted: readonly string[]) => (values: readonly Result[]) => {
      const kept = constants.map((tensor, i) => [tensor, call.inputs[variables.length + i]!] as const);
      const changed = variables.flatMap(({ current }, i) => current.map((tensor) => [tensor, values[i]!] as const));
      return this.run(body, wanted, new Map([...kept, ...changed]), scope, depth + 1);
    };
    const next = turn(variables.map((variable) => variable.next));
    return (
      unrolled(call.inputs.slice(0, variables.length), (values) => turn([condition])(values)[0], next) ??
      this.#opaque(call)
    );
  }

  #function(name: string, inputs: readonly Result[], node: OpNode, depth: number): Result[] {
    const body = this.sources.library.body(name);
    if (!body) throw damaged(`${describeNode(node)} calls the function '${name}', which the file does not have`);
    const given = new Map(body.args.map((arg, i): [string, Result] => [arg, inputs[i] ?? { kind: 'dead' }]));
    return this.run(body, body.returns, given, node.name.slice(0, node.name.lastIndexOf('/') + 1), depth + 1);
  }

  #written(call: OpCall): readonly Result[] {
    const { node } = call;
    try {
      const value = folded(call);
      if (value) {
        this.#count(value.shape);
        return [{ kind: 'known', name: node.name, value }];
      }
      const parts = unpacked(call);
      if (parts) return parts.map((part, i) => ({ kind: 'known', name: `${node.name}:${i}`, value: part }));
      const write = Object.hasOwn(OPS, node.op) ? OPS[node.op] : undefined;
      if (write) return write(call);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
    return this.#opaque(call);
  }

  /** A node that can be seen, not run. */
  #opaque(call: OpCall): readonly Result[] {
    const { node, inputs } = call;
    const tensors = inputs.flatMap((input): Computed[] => {
      if (input.kind === 'computed') return [input];
      return input.kind === 'known' && input.value.items.length > 64 ? [call.materialise(input)] : [];
    });
    const behind = tensors.some(({ tensor }) => !this.draft.shapes.has(tensor));
    const op = isKnown(node.op) || Object.hasOwn(OPS, node.op) ? `tf.${node.op}` : node.op;
    const tensor = call.add(
      op,
      tensors.map(({ tensor: name }) => name),
    );
    if (!behind || !Object.hasOwn(OPS, node.op))
      this.unknown.push({ op: node.op, node: this.draft.nodes.at(-1)!.name });
    return [computed(tensor, false)];
  }
}

function folded(call: OpCall): Value | undefined {
  try {
    return fold(call);
  } catch (error) {
    if (error instanceof Unsupported || error instanceof LayerscopeError || !(error instanceof Error)) throw error;
    throw damaged(`${describeNode(call.node)}: ${error.message}; the file is damaged`, error);
  }
}

const known = (name: string, tensor: Tensor): Known => ({ kind: 'known', name, value: toValue(tensor), tensor });

/** Remembers what was there before values are scaled by a number: dropout does so. */
function scaled(result: Result, node: OpNode, inputs: readonly Result[]): Result {
  if (result.kind !== 'computed' || !/^(Mul|RealDiv)$/.test(node.op)) return result;
  const from = inputs.find((input) => input.kind === 'computed');
  const one = inputs.some((input) =>
    input.kind === 'known' ? input.value.items.length === 1 : input.kind === 'other',
  );
  return from?.kind === 'computed' && one ? { ...result, beforeScaling: from } : result;
}

/** The nodes that lead to `wanted`, each after those that it takes from. */
function neededNodes(body: Body, wanted: readonly string[], given: ReadonlyMap<string, Result>): OpNode[] {
  const byName = new Map(body.nodes.map((node) => [node.name, node]));
  const needed = new Set<OpNode>();
  const waiting = [...wanted];
  for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
    if (given.has(tensor)) continue;
    const name = nodeOf(tensor);
    const node = byName.get(name);
    if (!node) throw damaged(`the tensor '${tensor}' is made by no node; the file is damaged`);
    if (needed.has(node)) continue;
    needed.add(node);
    waiting.push(...node.inputs);
  }
  const steps = body.nodes
    .filter((node) => needed.has(node))
    .map((node) => {
      return {
        node,
        inputs: node.inputs.map((input) => (given.has(input) ? input : nodeOf(input))),
        outputs: [node.name],
      };
    });
  return sortSteps(steps, new Set(given.keys()), ({ node }) => describeNode(node)).map(({ node }) => node);
}

/** The node that makes `node:index`. */
export const nodeOf = (tensor: string): string =>
  tensor.slice(0, tensor.lastIndexOf(':') < 0 ? undefined : tensor.lastIndexOf(':'));
