import { BATCH, type Attribute, type Shape } from '../../graph/graph.ts';
import { float32, int64, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import { Draft } from '../draft.ts';
import { fold } from './fold.ts';
import { describeNode, type Branch, type FileNode } from './read.ts';
import { REWRITES } from './rewrites/index.ts';
import type { Context } from './rewrites/rewrite.ts';
import { isNumber, toTensor, toValue, type Value } from './values.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/** What a node of the file became. */
export interface Imported {
  readonly node: FileNode;
  /** The tensors of the graph that it takes and makes, under the names they have there. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names of its nodes in the graph; none for one that does nothing at inference, or was computed ahead. */
  readonly nodes: readonly string[];
}

/** Of those, in all: more than the largest of the classic networks has weights. */
const MOST_TOLD = 2 ** 28;

/** Brings the file's nodes, one by one and in order, into the graph. */
export class Importer implements Context {
  readonly draft = new Draft();
  readonly imported: Imported[] = [];
  /** Tensors that are another one under a second name. */
  readonly #same = new Map<string, string>();
  /** Values with the batch size in them, which no constant can hold. */
  readonly #open = new Map<string, Value>();
  #current = '';
  /** Values of constants that are told as one value and a shape. */
  #told = 0;
  readonly #elementTypes: Map<string, number>;
  readonly real = new Set<string>();
  readonly warnings = new Set<string>();

  constructor(
    readonly opset: number,
    readonly batch: number,
    readonly fixed: boolean,
    stored: ReadonlyMap<string, Tensor>,
    names: Iterable<string>,
    elementTypes: ReadonlyMap<string, number>,
  ) {
    // Names of the file stay what they are: made-up ones avoid them.
    for (const name of names) this.draft.unique(name);
    for (const [name, tensor] of stored) this.#define(name, tensor);
    this.#elementTypes = new Map(elementTypes);
  }

  /** The name that a tensor of the file has in the graph. */
  resolve(tensor: string): string {
    return this.#same.get(tensor) ?? tensor;
  }

  take(file: FileNode): void {
    const node = { ...file, inputs: file.inputs.map((name) => this.resolve(name)) };
    this.#current = file.name || file.outputs[0]!;
    const branch = node.branches && this.#branchOf(node, node.branches);
    if (branch) return this.#takeBranch(node, branch);
    const before = this.draft.nodes.length;
    if (node.op === 'Constant') this.#takeConstant(node);
    else {
      const rewrite = Object.hasOwn(REWRITES, node.op) ? REWRITES[node.op] : undefined;
      const result = rewrite ? rewrite(node, this) : node;
      if (typeof result === 'string') {
        if (result !== node.outputs[0]) this.#same.set(node.outputs[0]!, result);
      } else {
        const outputs = node.outputs.slice(0, 'tensors' in result ? undefined : result.outputs);
        this.#emit(result.op, result.inputs, outputs, result.attributes, node.tensors.value);
      }
    }
    this.imported.push({
      node,
      inputs: node.inputs,
      outputs: node.outputs.map((name) => this.resolve(name)),
      nodes: this.draft.nodes.slice(before).map(({ name }) => name),
    });
  }

  shape(tensor: string): Shape | undefined {
    return this.draft.shapes.get(tensor);
  }

  value(tensor: string | undefined): Value | undefined {
    if (!tensor) return undefined;
    const constant = this.draft.constants.get(tensor);
    return constant ? toValue(constant) : this.#open.get(tensor);
  }

  readonly ints = (values: readonly number[]): string => this.draft.ints(values);

  readonly float = (value: number): string => this.draft.scalar(value);

  constant(name: string, value: Value): string {
    return this.draft.constant(name, toTensor(value)!);
  }

  define(name: string, value: Value): string {
    this.#define(name, toTensor(value)!);
    return name;
  }

  elementType(tensor: string): number | undefined {
    return this.#elementTypes.get(tensor);
  }

  affords(values: number): boolean {
    this.#told += values;
    return this.#told <= MOST_TOLD;
  }

  isInput(tensor: string): boolean {
    return this.draft.inputs.some(({ name }) => name === tensor);
  }

  images(): string {
    const input = this.draft.inputs.find(({ shape }) => shape[0] === BATCH);
    if (!input) throw damaged('no input has a free batch');
    return input.name;
  }

  warn(line: string): void {
    this.warnings.add(line);
  }

  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = this.draft.unique(`${this.#current}/${op}`);
    this.#emit(op, inputs, [output], attributes, undefined, output);
    return output;
  }

  #define(name: string, tensor: Tensor): void {
    this.draft.constants.set(name, tensor);
    this.draft.shapes.set(name, tensor.shape);
  }

  /** The branch of an `If` whose condition is known: what exporters write for `squeeze` of an axis that may not be 1. */
  #branchOf(node: FileNode, branches: readonly [Branch, Branch]): Branch | undefined {
    const condition = this.value(node.inputs[0])?.items;
    return condition?.length === 1 && isNumber(condition[0]!) ? branches[condition[0] ? 0 : 1] : undefined;
  }

  #takeBranch(node: FileNode, { nodes, stored, outputs }: Branch): void {
    for (const [name, tensor] of stored) this.#define(name, tensor);
    for (const inner of nodes) this.take(inner);
    node.outputs.forEach((output, i) => {
      if (outputs[i] === undefined)
        throw damaged(
          `${describeNode(node)} has a branch of ${outputs.length} outputs for ${node.outputs.length}; the file is damaged`,
        );
      this.#same.set(output, this.resolve(outputs[i]));
    });
  }

  #takeConstant(node: FileNode): void {
    const tensor = node.tensors.value ?? attributeTensor(node);
    this.#define(node.outputs[0]!, tensor);
    if (node.valueType !== undefined) this.#elementTypes.set(node.outputs[0]!, node.valueType);
  }

  #emit(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes,
    fill?: Tensor,
    name = this.#current,
  ): void {
    const values = inputs.map((input) => this.value(input));
    const shape = values[0]?.shape ?? this.shape(inputs[0] ?? '');
    const result = fold({ op, attributes, inputs: values, shape, fill: fill && toValue(fill) });
    if (result) {
      const tensor = toTensor(result);
      if (tensor) this.#define(outputs[0]!, tensor);
      else this.#open.set(outputs[0]!, result);
      return;
    }
    const open = inputs.find((input) => this.#open.has(input));
    if (open !== undefined) throw damaged(`${op} '${name}' needs the batch size as a number, in '${open}'`);
    this.draft.addNode(op, inputs, outputs, attributes, name);
  }
}

/** `Constant` in its forms without a tensor. */
function attributeTensor(node: FileNode): Tensor {
  const { value_float: float, value_floats: floats, value_int: int, value_ints: ints } = node.attributes;
  if (typeof float === 'number') return float32([float], []);
  if (Array.isArray(floats)) return float32(floats as number[], [floats.length]);
  if (typeof int === 'number') return int64([int], []);
  if (Array.isArray(ints)) return int64(ints as number[]);
  throw damaged(`${describeNode(node)} has no numbers; a tensor in 'value' was expected`);
}
