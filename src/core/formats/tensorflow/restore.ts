import type { Body, Library } from './library.ts';
import { nodeOf } from './import.ts';
import { text, type OpNode } from './node.ts';

/**
 * By variable of the graph, its name in the checkpoint: what the nodes that restore the model read for it. (Those of
 * TensorFlow 1 stand in the graph, those of TensorFlow 2 in a function that takes the variables.)
 */
export function restoredNames(graph: Body, library: Library): Map<string, string> {
  const names = new Map<string, string>();
  const add = (variable: string, key: string) => names.set(nodeOf(variable), key);
  for (const [variable, key] of assignments(graph)) add(variable, key);
  for (const node of graph.nodes) {
    if (node.op !== 'StatefulPartitionedCall') continue;
    const body = library.body(text(node, 'f'));
    if (!body?.nodes.some(({ op }) => op === 'RestoreV2')) continue;
    for (const [argument, key] of assignments(body)) {
      const outer = node.inputs[body.args.indexOf(argument)];
      if (outer !== undefined) add(outer, key);
    }
  }
  return names;
}

/** The variables that a body assigns to, with the names of what it restores for them. */
function* assignments({ nodes }: Body): Generator<readonly [variable: string, key: string]> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    if (node.op !== 'AssignVariableOp' && node.op !== 'Assign') continue;
    const [variable = '', value = ''] = node.inputs;
    const key = restored(value, byName);
    if (key !== undefined) yield [variable, key];
  }
}

/** What a tensor is called in the checkpoint, where it is restored and handed on. */
function restored(tensor: string, byName: ReadonlyMap<string, OpNode>): string | undefined {
  let at = tensor;
  let node = byName.get(nodeOf(at));
  for (let steps = 0; node && /^(Identity|Cast|Reshape)$/.test(node.op) && steps < 8; steps++) {
    at = node.inputs[0] ?? '';
    node = byName.get(nodeOf(at));
  }
  if (node?.op !== 'RestoreV2') return undefined;
  const names = byName.get(nodeOf(node.inputs[1] ?? ''))?.attributes.get('value')?.tensor?.stringVal;
  const name = names?.[Number(at.slice(at.lastIndexOf(':') + 1))];
  return name && new TextDecoder().decode(name);
}
