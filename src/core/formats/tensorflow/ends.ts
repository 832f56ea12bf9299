import { damaged } from '../failure.ts';
import type { Ends } from './inputs.ts';
import { nodeOf } from './import.ts';
import type { Body } from './library.ts';
import { shape, tensorName, type as typeOf, type OpNode } from './node.ts';
import { DT, type SignatureDef } from './proto.ts';
import { graphType, sizesOf } from './tensors.ts';

/** The ends that a signature names; undefined where it takes or gives no arrays. */
export function signatureEnds({ inputs = [], outputs = [] }: SignatureDef, { nodes }: Body): Ends | undefined {
  const ops = new Map(nodes.map(({ name, op }) => [name, op]));
  const ends = {
    inputs: inputs.flatMap(({ key = '', value = {} }) => {
      const sizes = sizesOf(value.shape);
      const array = graphType(value.dtype) !== undefined && (sizes === undefined || sizes.length > 1);
      return array ? [{ name: key, tensor: tensorName(value.name ?? '', ops), sizes, bytes: isByte(value.dtype) }] : [];
    }),
    outputs: outputs.map(({ value }) => tensorName(value?.name ?? '', ops)),
  };
  return ends.inputs.length > 0 && ends.outputs.length > 0 ? ends : undefined;
}

const INPUTS: ReadonlySet<string> = new Set(['Placeholder', 'PlaceholderV2']);

/** Nodes that are there to save or watch a network, to say which class it found, and those that make no tensor of it. */
const BESIDE =
  /^(NoOp|Assert|Print|PrintV2|Const|Save.*|Restore.*|ShardedFilename|MergeV2Checkpoints|.*Summary.*|.*Initialized.*|ArgMax|TopK.*|InTopK.*)$/;

/** Nodes that only training needs. */
const TRAINING =
  /Grad(V\d)?$|BackpropFilter|CrossEntropy|^(Resource)?(Sparse)?Apply|^Assign|AssignVariableOp|AssignAdd|AssignSub/;

/** Operators with weights: what an input must reach to be one of the network. */
const WEIGHED = /Conv2[dD]|MatMul/;

/**
 * The ends of a graph that does not name them: placeholders, and the tensors that nobody takes. Without what is there for
 * training: labels, losses, gradients.
 */
export function findEnds({ nodes }: Body): Ends {
  const takers = takersOf(nodes);
  const candidates = nodes.filter((node) => isArray(node) && !isDivisor(node, takers));
  const weighed = candidates.filter((node) => reachedFrom([node], takers).some(({ op }) => WEIGHED.test(op)));
  const inputs = weighed.length > 0 ? weighed : candidates;
  if (inputs.length === 0) throw damaged('no Placeholder for images in its graph; freeze the graph with its input');
  const labels = nodes.filter(
    (node) => INPUTS.has(node.op) && !inputs.includes(node) && !isNumber(node) && !isDivisor(node, takers),
  );
  const training = new Set(reachedFrom([...labels, ...nodes.filter(isTraining)], takers));
  const network = reachedFrom(inputs, takers).filter((node) => !training.has(node) && !BESIDE.test(node.op));
  const taken = new Set(network.flatMap((node) => node.inputs.map(nodeOf)));
  const ends = network.filter((node) => !taken.has(node.name) && !INPUTS.has(node.op) && !isKept(node, takers));
  if (ends.length === 0) throw damaged('no node of its graph has an output that is not taken; freeze the graph again');
  return {
    inputs: inputs.map((node) => ({
      name: node.name,
      tensor: `${node.name}:0`,
      sizes: shape(node, 'shape'),
      bytes: isByte(typeOf(node, 'dtype')),
    })),
    outputs: ends.map(({ name }) => `${name}:0`),
  };
}

/** Whether the graph itself has a placeholder for arrays. */
export const hasInput = ({ nodes }: Body): boolean => nodes.some(isArray);

/** A placeholder that may be for images: no switch and no number, as `keras_learning_phase` and `keep_prob` are. */
function isArray(node: OpNode): boolean {
  const sizes = shape(node, 'shape');
  return INPUTS.has(node.op) && isNumeric(node) && (sizes === undefined || sizes.length > 1);
}

/** Whether a placeholder that doesn't tell its sizes divides something: the share of values that dropout keeps does. */
const isDivisor = (node: OpNode, takers: Takers): boolean =>
  shape(node, 'shape') === undefined &&
  (takers.get(node.name) ?? []).some(({ op, inputs }) => op === 'RealDiv' && nodeOf(inputs[1]!) === node.name);

const isByte = (dtype: number | undefined): boolean => dtype === DT.uint8;

const isTraining = ({ op, name }: OpNode): boolean => TRAINING.test(op) || /(^|\/)gradients(_\d+)?\//.test(name);

/** Whether a value is there only to be kept in a variable, as the moving averages of a batch norm. */
function isKept({ name }: OpNode, takers: Takers): boolean {
  const own = takers.get(name) ?? [];
  return own.length > 0 && own.every(({ op }) => op.startsWith('Assign'));
}

const isNumber = (node: OpNode): boolean => shape(node, 'shape')?.length === 0;

function isNumeric(node: OpNode): boolean {
  const dtype = graphType(typeOf(node, 'dtype'));
  return dtype !== undefined && dtype !== 'bool';
}

type Takers = ReadonlyMap<string, readonly OpNode[]>;

function takersOf(nodes: readonly OpNode[]): Takers {
  const takers = new Map<string, OpNode[]>();
  for (const node of nodes)
    for (const name of new Set(node.inputs.map(nodeOf))) {
      const list = takers.get(name);
      if (list) list.push(node);
      else takers.set(name, [node]);
    }
  return takers;
}

/** The nodes that depend on some, and these. */
function reachedFrom(starts: readonly OpNode[], takers: Takers): OpNode[] {
  const reached = new Set<OpNode>();
  const waiting = [...starts];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    waiting.push(...(takers.get(node.name) ?? []));
  }
  return [...reached];
}
