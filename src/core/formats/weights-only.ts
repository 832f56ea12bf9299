import type { Attribute, Node } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Layer } from '../model.ts';
import type { OpenedModel } from './format.ts';

/** How a kernel is applied, which says how its axes stand. */
export type KernelOperator =
  /** O×I/groups×window */
  | 'Conv'
  /** I×O/groups×window */
  | 'ConvTranspose'
  /** O×I */
  | 'Gemm'
  /** I×O */
  | 'MatMul';

export interface NamedTensor {
  /** As the file calls it; unique in the file. */
  readonly name: string;
  readonly tensor: Tensor<'float32'>;
}

/** A layer of which the file has the weights alone. */
export interface LoneLayer {
  /** Unique; as the user's code calls it. */
  readonly name: string;
  /** The framework's term: `Conv2d`, `Dense` … */
  readonly kind: string;
  /** Of its first weight, where that is a kernel, which can be shown as filters. */
  readonly operator?: KernelOperator;
  /** Of a convolution, where it is known. */
  readonly groups?: number;
  /** Kernel first. */
  readonly weights: readonly NamedTensor[];
}

/** The tensor that all these layers take: nothing that could be run makes it. */
const ROOT = 'graph';

/**
 * A model of weights whose graph the file does not have: its layers in the file's order, with filters to show and nothing to
 * run; no inputs, no outputs. `missing`: one line from a small letter on, what is missing and what to do; it is the model's
 * warning, and ends the message of every method that would run it (`The model can't be run: …`).
 */
export function weightsOnlyModel(layers: readonly LoneLayer[], missing: string): OpenedModel {
  const root = free(ROOT, new Set(layers.flatMap(({ name, weights }) => [name, ...weights.map((one) => one.name)])));
  const constants = new Map(
    layers.flatMap(({ weights }) => weights.map(({ name, tensor }) => [name, tensor] as const)),
  );
  const nodes = layers.map((layer): Node => ({
    op: layer.operator ?? layer.kind,
    name: layer.name,
    inputs: [root, ...layer.weights.map(({ name }) => name)],
    outputs: [outputOf(layer)],
    attributes: attributesOf(layer),
  }));
  return {
    graph: {
      inputs: [],
      outputs: [],
      nodes: [{ op: 'MissingGraph', name: root, inputs: [], outputs: [root], attributes: {} }, ...nodes],
      constants,
    },
    inputs: [],
    layers: layers.map((layer): Layer => {
      const output = outputOf(layer);
      const weights = layer.weights.map(({ name }) => name);
      return {
        name: layer.name,
        kind: layer.kind,
        output,
        before: output,
        after: output,
        nodes: [layer.name],
        weights,
      };
    }),
    unknown: [],
    warnings: [missing[0]!.toUpperCase() + missing.slice(1)],
    missing,
  };
}

/** No tensor of a file has a name that ends so. */
const outputOf = ({ name }: LoneLayer): string => `${name}\u{2192}`;

function attributesOf({ operator, groups }: LoneLayer): Readonly<Record<string, Attribute>> {
  if (operator === 'Gemm') return { transB: 1 };
  return groups === undefined ? {} : { group: groups };
}

function free(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  while (taken.has(name)) name += '_';
  return name;
}
