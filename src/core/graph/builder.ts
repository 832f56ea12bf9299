import type { Attribute, Graph, GraphInput, Node } from './graph.ts';
import { float32, int64, scalar, type DType, type Tensor } from './tensor.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/** Adds nodes to a graph, or makes one from nothing; keeps names unique. */
export class GraphBuilder {
  readonly inputs: GraphInput[];
  readonly outputs: string[];
  readonly nodes: Node[];
  readonly constants: Map<string, Tensor>;
  /** Tensors that `differentiate` takes for constants. */
  readonly held = new Set<string>();
  /** By tensor, another one that `differentiate` takes in its place: made before it, with the same gradient, which costs less. */
  readonly standIns = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #nodeNames = new Set<string>();

  constructor(from?: Graph) {
    this.inputs = [...(from?.inputs ?? [])];
    this.outputs = [...(from?.outputs ?? [])];
    this.nodes = [...(from?.nodes ?? [])];
    this.constants = new Map(from?.constants);
    for (const { name } of this.inputs) this.#names.add(name);
    for (const name of this.constants.keys()) this.#names.add(name);
    for (const node of this.nodes) {
      this.#nodeNames.add(node.name);
      for (const output of node.outputs) this.#names.add(output);
    }
  }

  /** `wish`, or `wish_1`, `wish_2` … where a tensor has that name. */
  unique(wish: string): string {
    return claim(this.#names, wish);
  }

  input(name: string, shape: readonly number[], dtype: DType = 'float32'): string {
    const unique = this.unique(name);
    this.inputs.push({ name: unique, shape, dtype });
    return unique;
  }

  constant(wish: string, value: Tensor): string {
    const name = this.unique(wish);
    this.constants.set(name, value);
    return name;
  }

  scalar(value: number): string {
    return this.#shared(`scalar:${value}`, () => scalar(value));
  }

  /** A list of whole numbers: axes, shapes, pads. */
  ints(values: readonly number[]): string {
    return this.#shared(`ints:${values.join(',')}`, () => int64(values));
  }

  floats(wish: string, values: Float32Array | readonly number[], shape: readonly number[]): string {
    return this.constant(wish, float32(values, shape));
  }

  /** Adds a node with one output, whose name is made from `name` (default: the operator's), and returns that output. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}, name = op): string {
    return this.addNode(op, inputs, [this.unique(name)], attributes, name)[0]!;
  }

  /** Adds a node whose outputs have names already (from `unique`). */
  addNode(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
    name: string = outputs[0]!,
  ): readonly string[] {
    for (const output of outputs) this.#names.add(output);
    this.nodes.push({ op, name: claim(this.#nodeNames, name), inputs, outputs, attributes });
    return outputs;
  }

  graph(outputs: readonly string[] = this.outputs): Graph {
    return { inputs: this.inputs, outputs, nodes: this.nodes, constants: this.constants };
  }

  readonly #sharedNames = new Map<string, string>();

  /** Small constants that many nodes want stand in the graph once. */
  #shared(key: string, make: () => Tensor): string {
    let name = this.#sharedNames.get(key);
    if (name === undefined) this.#sharedNames.set(key, (name = this.constant(key, make())));
    return name;
  }
}

function claim(taken: Set<string>, wish: string): string {
  let name = wish;
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`;
  taken.add(name);
  return name;
}
