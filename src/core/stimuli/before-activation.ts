import { producers, type Graph } from '../graph/graph.ts';
import type { Derived } from '../optimization/objectives.ts';

const ACTIVATIONS = new Set('Relu Clip LeakyRelu Elu Selu Sigmoid HardSigmoid HardSwish Softplus PRelu'.split(' '));

/**
 * A tensor that an activation function with a ceiling (ReLU6) makes, without that: the larger of zero and what goes in. A map that lies at
 * the ceiling everywhere has no gradient, and the picture stays what it is, noise of its start included. Undefined for others.
 */
export function withoutCeiling(graph: Graph, tensor: string): Derived | undefined {
  const node = producers(graph).get(tensor);
  const bound = (place: number) => graph.constants.get(node?.inputs[place] ?? '')?.data[0];
  const input = node?.inputs[0];
  if (node?.op !== 'Clip' || input === undefined || Number(bound(1)) !== 0 || bound(2) === undefined) return undefined;
  return {
    key: `unbounded(${input})`,
    tensors: [input],
    shape: (shapes) => shapes.get(input)!,
    write: (builder) => builder.add('Relu', [input]),
  };
}

/**
 * What goes into the activation function that makes a tensor, also where several are joined by channel; undefined where none
 * makes it.
 */
export function beforeActivation(graph: Graph, tensor: string): Derived | undefined {
  const made = producers(graph);
  const inputOf = (name: string) => {
    const node = made.get(name);
    return node && ACTIVATIONS.has(node.op) ? node.inputs[0] : undefined;
  };
  const own = inputOf(tensor);
  if (own !== undefined) return { key: own, tensors: [own], shape: (shapes) => shapes.get(own)!, write: () => own };
  const node = made.get(tensor);
  if (node?.op !== 'Concat' || node.attributes['axis'] !== 1) return undefined;
  const parts = node.inputs.map(inputOf).filter((part) => part !== undefined);
  if (parts.length < node.inputs.length) return undefined;
  return {
    key: `concat(${parts.join()})`,
    tensors: parts,
    shape(shapes) {
      const [batch, , ...map] = shapes.get(parts[0]!)!;
      return [batch!, parts.reduce((sum, part) => sum + shapes.get(part)![1]!, 0), ...map];
    },
    write: (builder) => builder.add('Concat', parts, { axis: 1 }),
  };
}
