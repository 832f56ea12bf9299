import { LayerscopeError } from '../errors.ts';
import type { GraphBuilder } from './builder.ts';
import { filledLike } from './operators/common.ts';
import { isKnown, OPERATORS } from './operators/index.ts';
import type { Node, Shape } from './graph.ts';
import { gradientRule, type BackwardRule } from './rules/index.ts';
import { inferNode, shapeContext, type Shapes } from './shapes.ts';

/**
 * Adds to the builder's graph the gradient of the sum of `of`: reverse mode, written as nodes of the same graph. As
 * images of a batch don't meet, the gradient of a sum over the batch is each image's own. With a rule, what the rule sends
 * back in the gradient's place, from what the rule starts with (`seed`), or from `start`: a tensor of the shape of `of`.
 *
 * One builder may hold gradients of several tensors, written one after the other; of a gradient itself there is none.
 *
 * Returns the tensors that hold the gradient, by name in `withRespectTo`; one that `of` does not depend on is missing.
 * Throws a usage error where a node on the way is unknown or has no gradient.
 */
export function differentiate(
  builder: GraphBuilder,
  shapes: Shapes,
  of: string,
  withRespectTo: readonly string[],
  rule: BackwardRule = gradientRule,
  start: string = rule.seed === 'value' ? of : filledLike(builder, of, 1),
): Map<string, string> {
  const known = new Map<string, Shape>(shapes);
  // The objective was written after the shapes were inferred. (What else the builder holds, as another gradient, does not matter.)
  for (const [name, { shape }] of builder.constants) known.set(name, shape);
  for (const { name, shape } of builder.inputs) known.set(name, known.get(name) ?? shape);
  const nodes = builder.nodes.map((node): Node => {
    const standIn = builder.standIns.get(node.outputs[0]!);
    return standIn === undefined ? node : { ...node, op: 'Identity', inputs: [standIn], attributes: {} };
  });
  for (const node of nodesBefore(nodes, of))
    if (!known.has(node.outputs[0]!)) inferNode(node, known, builder.constants);

  const path = nodesBetween(nodes, builder.held, new Set(withRespectTo), of);
  const parts = new Map<string, string[]>([[of, [start]]]);
  const total = (tensor: string): string | undefined => {
    const terms = parts.get(tensor);
    if (!terms) return undefined;
    if (terms.length > 1) parts.set(tensor, [terms.reduce((sum, term) => builder.add('Add', [sum, term]))]);
    return parts.get(tensor)![0]!;
  };

  const depends = new Set([...withRespectTo, ...path.flatMap((node) => node.outputs)]);
  for (const node of path.reverse()) {
    const gradients = node.outputs.map(total);
    if (gradients.every((gradient) => gradient === undefined)) continue;
    const wanted = node.inputs.map((name) => depends.has(name));
    const arrived = (input: number) => {
      const sum = total(node.inputs[input]!);
      parts.delete(node.inputs[input]!);
      return sum;
    };
    const context = {
      ...shapeContext(node, known, builder.constants),
      builder,
      outputs: node.outputs.map((name) => known.get(name)),
      wanted,
      gradients,
      ...(rule.gradients[node.op] ? {} : { arrived }),
    };
    const results = gradientOf(node, rule)(context);
    node.inputs.forEach((name, i) => {
      const result = results[i];
      if (!wanted[i] || result === undefined) return;
      parts.set(name, [...(parts.get(name) ?? []), result]);
    });
  }

  const found = new Map<string, string>();
  for (const name of withRespectTo) {
    const gradient = total(name);
    if (gradient !== undefined) found.set(name, gradient);
  }
  return found;
}

function gradientOf(node: Node, rule: BackwardRule) {
  const operator = isKnown(node.op) ? OPERATORS[node.op] : undefined;
  const gradient = rule.gradients[node.op] ?? operator?.gradient;
  if (!gradient) {
    const why = operator ? 'has no gradient' : 'is not known';
    throw new LayerscopeError('usage', `${node.op} '${node.name}' ${why}: choose a layer before it.`);
  }
  return (context: Parameters<typeof gradient>[0]) => {
    try {
      return gradient(context);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof LayerscopeError) throw error;
      throw new LayerscopeError('usage', `${node.op} '${node.name}': ${error.message}.`, { cause: error });
    }
  };
}

/** The nodes through which `to` depends on one of `from`, in the graph's order. */
function nodesBetween(
  nodes: readonly Node[],
  held: ReadonlySet<string>,
  from: ReadonlySet<string>,
  to: string,
): Node[] {
  const reached = new Set(from);
  const forward = nodes.filter((node) => {
    const depends = node.inputs.some((name) => reached.has(name)) && !node.outputs.some((name) => held.has(name));
    if (depends) for (const output of node.outputs) reached.add(output);
    return depends;
  });
  return nodesBefore(forward, to);
}

/** The nodes that a tensor depends on, in the graph's order. */
function nodesBefore(nodes: readonly Node[], tensor: string): Node[] {
  const needed = new Set([tensor]);
  return nodes
    .toReversed()
    .filter((node) => {
      const counts = node.outputs.some((name) => needed.has(name));
      if (counts) for (const input of node.inputs) needed.add(input);
      return counts;
    })
    .reverse();
}
