import type { Body, Loop } from './library.ts';
import { nodeOf } from './import.ts';
import { ints, text, type OpNode } from './node.ts';

/** Nodes that work on each image of a batch by itself, whose size they are not told as a shape. */
const BY_IMAGE = /^(Resize(Bilinear|NearestNeighbor|Bicubic|Area)|Cast|Identity|Mul|Sub|Add|AddV2|RealDiv)$/;

type ByName = ReadonlyMap<string, OpNode>;

/**
 * A graph without loops of TensorFlow 1 (Enter, Merge, Switch, NextIteration, Exit). One that takes the images of a batch one by one,
 * makes each a batch of its own and works on that, as detectors resize them (`tf.map_fn`), is the same work on the whole batch. Any
 * other becomes one node, in its condition's place, that is written out turn by turn where that can be known.
 */
export function withoutLoops(body: Body): Body {
  if (!body.nodes.some(({ op }) => op === 'NextIteration')) return body;
  const byName: ByName = new Map(body.nodes.map((node) => [node.name, node]));
  const maps = new Map(body.nodes.flatMap((node) => mapped(node, byName)));
  const found = body.nodes.flatMap((node) => (node.op === 'LoopCond' ? (loopOf(node, body.nodes, byName) ?? []) : []));
  const loops = new Map(found.map(({ node, loop }) => [node.name, loop]));
  const whole = new Map(found.map(({ node }) => [node.name, node]));
  const left = new Map(
    found.flatMap(({ node, loop }) =>
      loop.variables.map(({ current: [, taken] }, i) => [nodeOf(taken!), `${node.name}:${i}`] as const),
    ),
  );
  const nodes = body.nodes.map((node): OpNode => {
    const over = maps.get(node.name) ?? (node.op === 'Exit' ? left.get(nodeOf(node.inputs[0] ?? '')) : undefined);
    if (over) return { ...node, op: 'Identity', inputs: [over] };
    return node.op === 'Merge' ? withoutWayBack(node, byName) : (whole.get(node.name) ?? node);
  });
  return { ...body, nodes, loops };
}

/** Where values come back to in a loop, of which the graph wants something from within: that is not known. */
function withoutWayBack(merge: OpNode, byName: ByName): OpNode {
  const inputs = merge.inputs.filter((input) => byName.get(nodeOf(input))?.op !== 'NextIteration');
  return inputs.length < merge.inputs.length ? { ...merge, op: 'While', inputs } : merge;
}

/** A loop's condition, as the node that stands for the whole loop: it takes all that goes in. */
function loopOf(condition: OpNode, nodes: readonly OpNode[], byName: ByName): { node: OpNode; loop: Loop } | undefined {
  const switches = nodes.filter(({ op, inputs }) => op === 'Switch' && nodeOf(inputs[1] ?? '') === condition.name);
  const merges = switches.map(({ inputs }) => byName.get(nodeOf(inputs[0] ?? '')));
  const variables = merges.map((merge, i) => {
    const [enter, back] = (merge?.inputs ?? []).map((input) => byName.get(nodeOf(input)));
    const next = back?.op === 'NextIteration' ? back.inputs[0] : undefined;
    if (merge?.op !== 'Merge' || enter?.op !== 'Enter' || next === undefined) return undefined;
    return { enter, next, current: [`${merge.name}:0`, `${switches[i]!.name}:1`] };
  });
  const [first] = variables;
  if (!first || !variables.every((variable) => variable !== undefined)) return undefined;
  const own = new Set(variables.map(({ enter }) => enter));
  const frame = text(first.enter, 'frame_name');
  const kept = nodes.filter((node) => node.op === 'Enter' && !own.has(node) && text(node, 'frame_name') === frame);
  const inputs = [...variables.map(({ enter }) => enter), ...kept].map((enter) => enter.inputs[0]!);
  return {
    node: { ...condition, op: 'While', inputs },
    loop: { variables, constants: kept.map(({ name }) => `${name}:0`), condition: condition.inputs[0]! },
  };
}

/**
 * Of the node that stacks what a map over a batch made, the tensor of the whole batch; and of the node that makes a batch of one image, the
 * whole batch that its images come from.
 */
function mapped(node: OpNode, byName: ByName): [string, string][] {
  if (node.op !== 'TensorArrayGatherV3') return [];
  const maker = (of: OpNode | undefined, index: number) => byName.get(nodeOf(of?.inputs[index] ?? ''));
  const follow = (from: OpNode | undefined, ...steps: readonly [op: RegExp, input: number][]) =>
    steps.reduce<OpNode | undefined>((at, [op, input]) => {
      const next = at && maker(at, input);
      return next && op.test(next.op) ? next : undefined;
    }, from);
  const write = follow(
    node,
    [/^Exit$/, 2],
    [/^Switch$/, 0],
    [/^Merge$/, 0],
    [/^NextIteration$/, 1],
    [/^TensorArrayWriteV3$/, 0],
  );
  const squeeze = follow(write, [/^Squeeze$/, 2]);
  const works: OpNode[] = [];
  // A damaged file may lead round and round.
  for (let at = maker(squeeze, 0); at && BY_IMAGE.test(at.op) && !works.includes(at); at = maker(at, 0)) works.push(at);
  const expand = maker(works.at(-1) ?? squeeze, 0);
  const read = expand?.op === 'ExpandDims' ? follow(expand, [/^TensorArrayReadV3$/, 0]) : undefined;
  const scatter = follow(read, [/^Enter$/, 2], [/^TensorArrayScatterV3$/, 0]);
  const [batch, result] = [scatter?.inputs[2], squeeze?.inputs[0]];
  // What is resized has four axes, so it was the first that was added; it goes again.
  const alone =
    works.some(({ op }) => op.startsWith('Resize')) && String(squeeze && ints(squeeze, 'squeeze_dims')) === '0';
  return expand && batch && result && alone
    ? [
        [expand.name, batch],
        [node.name, result],
      ]
    : [];
}
