import { producers, type Graph, type Node, type Shape } from '../graph/graph.ts';
import { number } from '../graph/operator.ts';
import type { Shapes } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';

/** A channel of a tensor that a kernel made, or of the network's input; `scale`: what happened to it since. */
export interface Source {
  /** The tensor that the kernel's node, or the input, makes. */
  readonly tensor: string;
  readonly channel: number;
  readonly scale: number;
}

type Channels = readonly (readonly Source[])[];

/** Where the channels of every tensor come from. */
export class ChannelSources {
  readonly #made: ReadonlyMap<string, Node>;
  readonly #known = new Map<string, Channels | undefined>();

  /** `kernels`: the nodes whose outputs are sources, beside the graph's inputs. */
  constructor(
    private readonly graph: Graph,
    private readonly shapes: Shapes,
    private readonly kernels: ReadonlySet<string>,
  ) {
    this.#made = producers(graph);
  }

  /**
   * The sources of each channel: one, through whatever keeps channels apart (activation functions, pooling, batch normalisation,
   * concatenation, slices), several where branches were added. None for channels that something else has mixed; undefined
   * for tensors without channels.
   */
  of(tensor: string): Channels | undefined {
    if (!this.#known.has(tensor)) {
      this.#known.set(tensor, undefined); // a graph has no circles, but may be broken
      this.#known.set(tensor, this.#find(tensor));
    }
    return this.#known.get(tensor);
  }

  #find(tensor: string): Channels | undefined {
    const count = this.shapes.get(tensor)?.[1];
    if (count === undefined) return undefined;
    const node = this.#made.get(tensor);
    if (!node || this.kernels.has(node.name))
      return Array.from({ length: count }, (_, channel) => [{ tensor, channel, scale: 1 }]);
    const through = this.#through(node, tensor);
    return through?.length === count ? through : Array.from({ length: count }, () => []);
  }

  #through(node: Node, output: string): Channels | undefined {
    const [first] = node.inputs;
    switch (node.op) {
      case 'Concat':
        return number(node, 'axis', 1) === 1 ? this.#joined(node.inputs) : undefined;
      case 'Add':
      case 'Sum':
      case 'Sub':
        return this.#added(node);
      case 'BatchNormalization':
        return scaled(this.of(first!), batchScale(node, this.graph.constants));
      case 'Mul':
      case 'Div':
        return this.#multiplied(node);
      case 'Split':
        return this.#split(node, output);
      case 'Flatten':
      case 'Reshape':
      case 'Squeeze':
      case 'Transpose':
        return this.#renamed(first!, output);
      default:
        return KEEPS_CHANNELS.has(node.op) ? this.of(first!) : undefined;
    }
  }

  #joined(inputs: readonly string[]): Channels | undefined {
    const parts = inputs.map((input) => this.of(input));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  #added(node: Node): Channels | undefined {
    const branches = node.inputs.filter((input) => !this.graph.constants.has(input));
    const parts = branches.map((input, i) => {
      const channels = this.of(input);
      return node.op === 'Sub' && i > 0 ? scaled(channels, () => -1) : channels;
    });
    const [head, ...rest] = parts;
    if (!head || rest.some((part) => part?.length !== head.length)) return undefined;
    return head.map((sources, c) => [...sources, ...rest.flatMap((part) => part![c]!)]);
  }

  /** By a constant: one number, or one a channel. By another activation (a gate): of what is gated, as it is. */
  #multiplied(node: Node): Channels | undefined {
    const constant = node.inputs.map((input) => this.graph.constants.get(input)).find((value) => value);
    const data = node.inputs.find((input) => !this.graph.constants.has(input))!;
    if (!constant) return this.of(this.#largest(node.inputs));
    const values = constant.data as Float32Array;
    const at = (c: number) => (values.length === 1 ? values[0]! : (values[c] ?? 1));
    return scaled(this.of(data), node.op === 'Mul' ? at : (c) => 1 / at(c));
  }

  #largest(inputs: readonly string[]): string {
    const size = (name: string) => (this.shapes.get(name) ?? []).reduce((n, axis) => n * Math.abs(axis), 1);
    return inputs.reduce((best, input) => (size(input) > size(best) ? input : best));
  }

  #split(node: Node, output: string): Channels | undefined {
    if (number(node, 'axis', 0) !== 1) return this.of(node.inputs[0]!);
    const before = node.outputs.slice(0, node.outputs.indexOf(output));
    const from = before.reduce((sum, name) => sum + (this.shapes.get(name)?.[1] ?? 0), 0);
    return this.of(node.inputs[0]!)?.slice(from, from + this.shapes.get(output)![1]!);
  }

  /** Kept where a channel stays one: C×1×1 to C, and back. */
  #renamed(input: string, output: string): Channels | undefined {
    const size = (shape: Shape | undefined) => shape?.slice(2).reduce((n, axis) => n * axis, 1);
    const [from, to] = [this.shapes.get(input), this.shapes.get(output)];
    return from?.[1] === to?.[1] && size(from) === size(to) ? this.of(input) : undefined;
  }
}

const KEEPS_CHANNELS = new Set(
  (
    'Relu Clip LeakyRelu PRelu ThresholdedRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Softmax LogSoftmax ' +
    'Identity Cast Dropout Pad Resize MaxPool AveragePool GlobalAveragePool GlobalMaxPool LRN ReduceMean ReduceMax Neg Abs Sqrt'
  ).split(' '),
);

const scaled = (channels: Channels | undefined, by: (channel: number) => number): Channels | undefined =>
  channels?.map((sources, c) => sources.map((source) => ({ ...source, scale: source.scale * by(c) })));

/** γ/√(σ² + ε) */
function batchScale(node: Node, constants: ReadonlyMap<string, Tensor>): (channel: number) => number {
  const [gamma, , , variance] = node.inputs.slice(1).map((name) => constants.get(name)?.data as Float32Array);
  const epsilon = number(node, 'epsilon', 1e-5);
  return (c) => (gamma?.[c] ?? 1) / Math.sqrt((variance?.[c] ?? 1) + epsilon);
}
