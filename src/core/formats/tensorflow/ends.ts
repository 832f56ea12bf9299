import { damaged } from '../failure.ts';
import type { Ends } from './inputs.ts';
import { nodeOf } from './import.ts';
import type { Body } from './library.ts';
import { shape, tensorName, type as typeOf, type OpNode } from './node.ts';
import type { SignatureDef } from './proto.ts';
import { graphType, sizesOf } from './tensors.ts';

/** The ends that a signature names; undefined where it takes or gives no arrays. */
export function signatureEnds({ inputs = [], outputs = [] }: SignatureDef, { nodes }: Body): Ends | undefined {
  const ops = new Map(nodes.map(({ name, op }) => [name, op]));
  const ends = {
    inputs: inputs.flatMap(({ key = '', value = {} }) => {
      const sizes = sizesOf(value.shape);
      const array = graphType(value.dtype) !== undefined && (sizes === undefined || sizes.length > 1);
      return array ? [{ name: key, tensor: tensorName(value.name ?? '', ops), sizes }] : [];
    }),
    outputs: outputs.map(({ value }) => tensorName(value?.name ?? '', ops)),
  };
  return ends.inputs.length > 0 && ends.outputs.length > 0 ? ends : undefined;
}

const INPUTS: ReadonlySet<string> = new Set(['Placeholder', 'PlaceholderV2']);

/** Nodes that are there to train, save or watch a network, and those that make no tensor of it. */
const BESIDE =
  /^(NoOp|Assert|Print|PrintV2|Const|Save.*|Restore.*|ShardedFilename|MergeV2Checkpoints|.*Summary.*|.*Assign.*|(Resource)?(Sparse)?Apply.*|.*Initialized.*)$/;

/** The ends of a graph that does not name them: placeholders, and the tensors that nobody takes. */
export function findEnds({ nodes }: Body): Ends {
  const inputs = nodes.filter(isImageInput);
  if (inputs.length === 0) throw damaged('no Placeholder for images in its graph; freeze the graph with its input');
  const reached = reachedFrom(nodes, inputs);
  const taken = new Set(nodes.filter((node) => !BESIDE.test(node.op)).flatMap((node) => node.inputs.map(nodeOf)));
  const ends = nodes.filter((node) => reached.has(node.name) && !taken.has(node.name) && !BESIDE.test(node.op));
  if (ends.length === 0) throw damaged('no node of its graph has an output that is not taken; freeze the graph again');
  return {
    inputs: inputs.map((node) => ({ name: node.name, tensor: `${node.name}:0`, sizes: shape(node, 'shape') })),
    outputs: ends.map(({ name }) => `${name}:0`),
  };
}

/** A placeholder that is no switch or number, as `keep_prob` and `keras_learning_phase` are. */
function isImageInput(node: OpNode): boolean {
  if (!INPUTS.has(node.op) || graphType(typeOf(node, 'dtype')) === 'bool') return false;
  const sizes = shape(node, 'shape');
  return sizes === undefined || sizes.length > 1;
}

function reachedFrom(nodes: readonly OpNode[], starts: readonly OpNode[]): Set<string> {
  const takers = new Map<string, OpNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) {
      const from = nodeOf(input);
      takers.set(from, [...(takers.get(from) ?? []), node]);
    }
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (reached.has(node.name)) continue;
    reached.add(node.name);
    waiting.push(...(takers.get(node.name) ?? []));
  }
  return reached;
}
