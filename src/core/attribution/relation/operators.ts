import { differentiate } from '../../graph/autodiff.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { prune, renameTensors } from '../../graph/passes.ts';
import { inferShapes, type Shapes } from '../../graph/shapes.ts';
import { parseRule } from '../../graph/rules/index.ts';
import { isRectifier } from '../../graph/rules/rectifiers.ts';
import type { Objective } from '../../optimization/objectives.ts';

/** The three ways back that are compared, by the names of their rules, and those without switches. */
export const WAYS = ['gradient', 'deconvnet', 'guided'] as const;
export type Way = (typeof WAYS)[number];

/** Operators of one kind that are looked at, the uppermost first: below a single unit most of them get nothing. */
const CANDIDATES = 6;

export type Kind = 'convolution' | 'rectifier' | 'max-pooling';

export const kindOf = (node: Node, graph: Graph): Kind | undefined => {
  if (node.op === 'Conv') return 'convolution';
  if (node.op === 'MaxPool') return 'max-pooling';
  return isRectifier({ node, constant: (index) => graph.constants.get(node.inputs[index] ?? '') })
    ? 'rectifier'
    : undefined;
};

/** The operators that an objective of a network sees, the uppermost of each kind. */
export function candidates(graph: Graph, { tensors }: Objective): Record<Kind, Node[]> {
  const found: Record<Kind, Node[]> = { convolution: [], rectifier: [], 'max-pooling': [] };
  const below = prune(graph, tensors);
  const fed = new Set(below.inputs.map(({ name }) => name));
  const depends = new Set(fed);
  for (const node of below.nodes)
    if (node.inputs.some((name) => depends.has(name))) for (const output of node.outputs) depends.add(output);
  for (const node of below.nodes.toReversed()) {
    const kind = kindOf(node, below);
    if (kind && depends.has(node.inputs[0]!) && found[kind].length < CANDIDATES) found[kind].push(node);
  }
  return found;
}

/** The name of ∂objective/∂tensor in `signals`. */
export const arriving = (tensor: string) => `layerscope/arrives/${tensor}`;

/** The values at the operators, in and out, and what backprop brings to their outputs (`arriving`). */
export function signals(graph: Graph, objective: Objective, nodes: readonly Node[]): Graph {
  const below = prune(graph, objective.tensors);
  const builder = new GraphBuilder(below);
  const shapes = inferShapes(below);
  const outputs = nodes.map((node) => node.outputs[0]!);
  const found = differentiate(builder, shapes, objective.write(builder, shapes), outputs);
  const values = [...new Set(nodes.flatMap((node) => [node.inputs[0]!, node.outputs[0]!]))];
  const program = prune(builder.graph(), [...values, ...found.values()]);
  return renameTensors(program, new Map([...found].map(([tensor, gradient]) => [gradient, arriving(tensor)])));
}

/** What arrives at an operator's output, where it is fed. */
export const ARRIVES = 'layerscope/arrives';
/** What is sent back to an operator's input. */
export const SENT = 'layerscope/sent';

/** One operator alone: from its input and what arrives at its output (`ARRIVES`) to what a rule (`parseRule`) sends back (`SENT`). */
export function oneOperator(graph: Graph, shapes: Shapes, node: Node, rule: string): Graph {
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const builder = new GraphBuilder({
    inputs: [{ name: input, shape: shapes.get(input)!, dtype: 'float32' }],
    outputs: [output],
    nodes: [node],
    constants: graph.constants,
  });
  const value = builder.add('Mul', [output, builder.input(ARRIVES, shapes.get(output)!)]);
  const back = differentiate(builder, inferShapes(builder.graph()), value, [input], parseRule(rule)).get(input)!;
  return renameTensors(prune(builder.graph(), [back]), new Map([[back, SENT]]));
}
