import type { Graph } from '../../graph/graph.ts';
import type { Layer } from '../../model.ts';
import { ACTIVATION_OPS, followActivations, weightsOf } from '../layers.ts';
import type { Origin } from './import.ts';
import { groupByScope, type Group } from './scopes.ts';

/** Activation functions whose layer shows what comes in as `before`. */
const FUNCTIONS: ReadonlySet<string> = new Set([...ACTIVATION_OPS, 'Softmax', 'LogSoftmax']);

/** Calls of functions, which the file's names begin with where they were written out. */
const CALLS = /^((Stateful)?PartitionedCall(_\d+)?\/)+/;

/** A layer for each input, and for each scope of the file's names that is one. */
export function tensorflowLayers(graph: Graph, origins: ReadonlyMap<string, Origin>): Layer[] {
  const inputs = graph.inputs.map(({ name }): Layer => {
    return { name, kind: 'Placeholder', output: name, before: name, after: name, nodes: [], weights: [] };
  });
  const groups = groupByScope(graph, origins);
  const names = withoutCount(withoutCommonScope(groups.map(({ name }) => name.replace(CALLS, ''))));
  const taken = new Set(inputs.map(({ name }) => name));
  const layers = groups.map((group, i) => layerOf(group, unique(names[i]!, taken), graph));
  return followActivations(graph, [...inputs, ...layers]);
}

function layerOf({ kind, nodes, output }: Group, name: string, graph: Graph): Layer {
  const last = nodes.find(({ outputs }) => outputs.includes(output))!;
  const from = last.inputs[0]!;
  const before = FUNCTIONS.has(last.op) && !graph.constants.has(from) ? from : output;
  const own = nodes.map((node) => node.name);
  return { name, kind, output, before, after: output, nodes: own, weights: weightsOf(graph, own) };
}

/** The names without the scopes that all of them stand in: the model's own name. */
function withoutCommonScope(names: readonly string[]): readonly string[] {
  const [first = ''] = names;
  const scope = first.slice(0, first.indexOf('/') + 1);
  if (scope === '' || !names.every((name) => name.startsWith(scope))) return names;
  return withoutCommonScope(names.map((name) => name.slice(scope.length)));
}

const COUNT = /_1(_\d+)?$/;

/** The names without the count that they get where Keras 3 exports a model: `conv_1` for `conv`, `conv_1_2` for `conv_1`. */
function withoutCount(names: readonly string[]): readonly string[] {
  const parts = names.map((name) => name.split('/'));
  if (names.length < 3 || !parts.every(([first]) => COUNT.test(first!))) return names;
  return parts.map((part) => part.map((one) => one.replace(COUNT, (count) => (count === '_1' ? '' : '_1'))).join('/'));
}

function unique(wish: string, taken: Set<string>): string {
  let name = wish;
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`;
  taken.add(name);
  return name;
}
