import type { Graph } from '../../../graph/graph.ts';
import type { Layer } from '../../../model.ts';
import { followActivations, weightsOf } from '../../layers.ts';
import { ACTIVATION_FUNCTIONS } from './index.ts';
import type { Step } from './importer.ts';

/** Steps that only hand a tensor on, where no module says that they are a layer. */
const SILENT = new Set(['clone', 'contiguous', 'alias', 'detach', 'lift_fresh_copy', 'to', '_to_copy', 'dropout']);

/**
 * A layer for each input, for each module that holds no others (all that it does), and for each function that is called
 * beside modules: `layer1.0.add`. `kinds`: class names by module path. A module that is called again is `relu:1`.
 */
export function moduleLayers(
  graph: Graph,
  steps: readonly Step[],
  kinds: ReadonlyMap<string, string>,
  learned: ReadonlySet<string>,
): Layer[] {
  const kept = new Map(graph.nodes.map((node) => [node.name, node]));
  const made = new Set([...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  const outer = containers([...steps.map(({ module }) => module), ...kinds.keys()]);
  const inputs = graph.inputs.map(({ name }): Layer => {
    return { name, kind: 'Input', output: name, before: name, after: name, nodes: [], weights: [] };
  });
  const names = new Set(inputs.map(({ name }) => name));
  const layers = groups(steps, outer).flatMap((group): Layer[] => {
    const first = group[0]!;
    const single = outer.has(first.module);
    const nodes = group.flatMap((step) => step.nodes).filter((name) => kept.has(name));
    const output = group.findLast((step) => step.output !== undefined)?.output;
    if (output === undefined || !made.has(output)) return [];
    if (nodes.length === 0 && (single || group.some(({ name }) => !SILENT.has(name)))) return [];
    const own = first.name.replace(/^_+/, '');
    const wish = single ? (first.module === '' ? own : `${first.module}.${own}`) : first.module;
    const kind = single ? kept.get(nodes.at(-1)!)!.op : (kinds.get(first.module) ?? kept.get(nodes.at(-1) ?? '')?.op);
    const [from] = first.inputs;
    const activation = group.length === 1 && ACTIVATION_FUNCTIONS.has(first.name) && from !== undefined;
    return [
      {
        name: unique(wish, names),
        kind: kind ?? 'Identity',
        output,
        before: activation && made.has(from) ? from : output,
        after: output,
        nodes,
        weights: weightsOf(graph, nodes).filter((name) => learned.has(name)),
      },
    ];
  });
  return followActivations(graph, [...inputs, ...layers]);
}

/** Paths of modules that hold others, and the network itself. */
function containers(paths: readonly string[]): Set<string> {
  const found = new Set(['']);
  for (const path of paths)
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) found.add(path.slice(0, dot));
  return found;
}

/** Steps of one module that follow each other. */
function groups(steps: readonly Step[], outer: ReadonlySet<string>): Step[][] {
  const found: Step[][] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (last && last[0]!.module === step.module && !outer.has(step.module)) last.push(step);
    else found.push([step]);
  }
  return found;
}

function unique(wish: string, taken: Set<string>): string {
  let name = wish;
  for (let n = 1; taken.has(name); n++) name = `${wish}:${n}`;
  taken.add(name);
  return name;
}
