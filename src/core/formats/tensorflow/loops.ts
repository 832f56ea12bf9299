import type { Body } from './library.ts';
import { nodeOf } from './import.ts';
import { ints, text, type OpNode } from './node.ts';

/** Nodes that work on each image of a batch by itself, whose size they are not told as a shape. */
const BY_IMAGE = /^(Resize(Bilinear|NearestNeighbor|Bicubic|Area)|Cast|Identity|Mul|Sub|Add|AddV2|RealDiv)$/;

type ByName = ReadonlyMap<string, OpNode>;

/**
 * A graph without loops of TensorFlow 1 (Enter, Merge, Switch, NextIteration, Exit). One that takes the images of a batch one by one,
 * makes each a batch of its own and works on that, as detectors resize them (`tf.map_fn`), is the same work on the whole batch. Of
 * any other the way back is cut, and it becomes an operator that is not known: what comes after it is shown, not run.
 */
export function withoutLoops(body: Body): Body {
  if (!body.nodes.some(({ op }) => op === 'NextIteration')) return body;
  const byName: ByName = new Map(body.nodes.map((node) => [node.name, node]));
  const maps = new Map(body.nodes.flatMap((node) => mapped(node, byName)));
  const nodes = body.nodes.map((node): OpNode => {
    const over = maps.get(node.name);
    if (over) return { ...node, op: 'Identity', inputs: [over] };
    if (node.op === 'Merge') return asLoop(node, byName);
    // What a loop leaves with is what it carries: neither the condition nor the counter need be seen.
    const exit = node.op === 'Exit' && byName.get(nodeOf(node.inputs[0] ?? ''));
    return exit && exit.op === 'Switch' ? { ...node, inputs: exit.inputs.slice(0, 1) } : node;
  });
  return { ...body, nodes };
}

/** Where values come back to in a loop: without the way back, of all that goes into the loop, and not known. */
function asLoop(merge: OpNode, byName: ByName): OpNode {
  const inputs = merge.inputs.filter((input) => byName.get(nodeOf(input))?.op !== 'NextIteration');
  if (inputs.length === merge.inputs.length) return merge;
  const frames = new Set(inputs.map((input) => frameOf(byName.get(nodeOf(input)))));
  const entries = [...byName.values()].filter((node) => node.op === 'Enter' && frames.has(frameOf(node)));
  return { ...merge, op: 'While', inputs: [...new Set([...inputs, ...entries.map(({ name }) => `${name}:0`)])] };
}

/** The loop that a node leads into. */
const frameOf = (node: OpNode | undefined): string | undefined =>
  node?.op === 'Enter' ? text(node, 'frame_name') : undefined;

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
