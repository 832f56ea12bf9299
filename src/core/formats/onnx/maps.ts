import { numbers, type Tensor } from '../../graph/tensor.ts';
import type { Branch, FileNode } from './read.ts';

type Stored = ReadonlyMap<string, Tensor>;

/** Whether a node works on each image of a batch by itself. */
const isByImage = ({ op, attributes }: FileNode): boolean =>
  op === 'Transpose'
    ? Array.isArray(attributes.perm) && attributes.perm[0] === 0
    : /^(Resize|Upsample|Cast|Identity)$/.test(op);

/**
 * Nodes without loops that take the images of a batch one by one, make each a batch of its own and work on that, as detectors
 * resize them: that is the same work on the whole batch. Without what only told how often. Any other `Loop` stays as it is.
 */
export function withoutMaps(nodes: readonly FileNode[], stored: Stored, outputs: readonly string[]) {
  if (nodes.every(({ op }) => op !== 'Loop')) return { nodes, stored };
  const used = new Set([...outputs, ...nodes.flatMap(taken)]);
  const maps = new Map(
    nodes.flatMap((node) => {
      const map = mapOf(node, stored, used);
      return map ? [[node, map] as const] : [];
    }),
  );
  if (maps.size === 0) return { nodes, stored };
  const flat = nodes.flatMap((node) => maps.get(node)?.nodes ?? [node]);
  const all = new Map([...stored, ...[...maps.values()].flatMap((map) => [...map.stored])]);
  return { nodes: needed(flat, outputs), stored: all };
}

/** What a loop does to each image, done to all; undefined where it does anything else. */
function mapOf(loop: FileNode, outer: Stored, used: ReadonlySet<string>): Branch | undefined {
  const { body } = loop;
  if (loop.op !== 'Loop' || !body) return undefined;
  const [, , ...states] = body.inputs;
  const { nodes, stored } = body;
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const number = (name: string | undefined) => {
    const tensor = stored.get(name ?? '') ?? outer.get(name ?? '');
    return tensor && numbers(tensor).length === 1 ? numbers(tensor)[0] : undefined;
  };
  const [last] = body.outputs.slice(1 + states.length);
  const squeeze = makers.get(last ?? '');
  const ownResult = loop.outputs[states.length];
  if (!squeeze || !ownResult || loop.outputs.length !== states.length + 1) return undefined;
  if (
    squeeze.op !== 'Squeeze' ||
    axis(squeeze, number) !== 0 ||
    loop.outputs.some((name, i) => i < states.length && used.has(name))
  )
    return undefined;

  let from = makers.get(squeeze.inputs[0]!);
  // A damaged file may lead round and round.
  for (let turns = 0; from && isByImage(from) && turns < nodes.length; turns++) from = makers.get(from.inputs[0]!);
  const widen = from?.op === 'Gather' && !from.attributes.axis ? makers.get(from.inputs[1]!) : undefined;
  if (!from || widen?.op !== 'Unsqueeze' || !counts(widen.inputs[0]!)) return undefined;
  const whole = { ...from, op: 'Identity', inputs: [from.inputs[0]!], attributes: {} };
  const result = { ...squeeze, op: 'Identity', inputs: [squeeze.inputs[0]!], outputs: [ownResult], attributes: {} };
  const own = needed([...nodes.map((node) => (node === from ? whole : node === squeeze ? result : node))], [ownResult]);
  if (own.some(({ inputs }) => inputs.some((name) => body.inputs.includes(name)))) return undefined;
  return { nodes: own, stored, outputs: [ownResult] };

  /** Whether a value is 0, 1, 2 … from turn to turn. */
  function counts(name: string): boolean {
    if (name === body!.inputs[0]) return true;
    const at = states.indexOf(name);
    const next = makers.get(body!.outputs[1 + at] ?? '');
    return (
      at >= 0 &&
      number(loop.inputs[2 + at]) === 0 &&
      next?.op === 'Add' &&
      next.inputs[0] === name &&
      number(next.inputs[1]) === 1
    );
  }
}

/** The only axis that goes. */
function axis({ inputs, attributes }: FileNode, number: (name: string | undefined) => number | undefined) {
  const { axes } = attributes;
  return Array.isArray(axes) ? (axes.length === 1 ? Number(axes[0]) : undefined) : number(inputs[1]);
}

/** The nodes that some tensors depend on, in their order. */
function needed(nodes: readonly FileNode[], wanted: readonly string[]): FileNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const found = new Set<FileNode>();
  const waiting = [...wanted];
  for (const name of waiting) {
    const node = makers.get(name);
    if (!node || found.has(node)) continue;
    found.add(node);
    waiting.push(...taken(node));
  }
  return nodes.filter((node) => found.has(node));
}

/** What a node takes, in the graphs within it too. */
const taken = (node: FileNode): string[] => [
  ...node.inputs,
  ...[...(node.branches ?? []), ...(node.body ? [node.body] : [])].flatMap((inner) => [
    ...inner.nodes.flatMap(taken),
    ...inner.outputs,
  ]),
];
