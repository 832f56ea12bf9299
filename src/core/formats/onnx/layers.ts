import { consumers, type Graph } from '../../graph/graph.ts';
import type { Layer } from '../../model.ts';
import { ACTIVATION_OPS, followActivations, weightsOf } from '../layers.ts';
import type { Imported } from './import.ts';
import { byModule, KERNELS, type LayerNodes } from './modules.ts';

/** Activation functions whose own layer shows what comes in as `before`. */
const FUNCTIONS: ReadonlySet<string> = new Set([...ACTIVATION_OPS, 'Softmax', 'LogSoftmax']);

/** Activation functions that exporters write as several nodes, by these nodes' operators in alphabetical order. */
const COMPOSED: Readonly<Record<string, string>> = {
  'Mul Sigmoid': 'Swish',
  'HardSigmoid Mul': 'HardSwish',
  'Mul Softplus Tanh': 'Mish',
  'Add Div Erf Mul Mul': 'Gelu',
};

/** Nodes that only change how numbers are held. */
const QUANTISING: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']);

/** A layer for each input, and for each node or module that is left in the graph (or drops nothing at inference). */
export function onnxLayers(graph: Graph, imported: readonly Imported[]): Layer[] {
  const inputs = graph.inputs.map(({ name }): Layer => {
    return { name, kind: 'Input', output: name, before: name, after: name, nodes: [], weights: [] };
  });
  const names = new Set(inputs.map(({ name }) => name));
  const shown = imported.filter(({ node, nodes, outputs }) => {
    const output = outputs.find((name) => name !== '');
    if (QUANTISING.has(node.op)) return false;
    return output !== undefined && (nodes.length > 0 || node.op === 'Dropout') && !graph.constants.has(output);
  });
  const layers = byModule(shown).map((given): Layer => {
    const { members } = given;
    const kind = kindOf(given);
    const output = members.at(-1)!.outputs.find((name) => name !== '')!;
    const from = members[0]!.inputs[0]!;
    const before = FUNCTIONS.has(kind) && !graph.constants.has(from) ? from : output;
    const nodes = members.flatMap((member) => member.nodes);
    return {
      name: unique(given.name, names),
      kind,
      output,
      before,
      after: output,
      nodes,
      weights: weightsOf(graph, nodes),
    };
  });
  return followActivations(graph, followComposed(graph, [...inputs, ...layers]));
}

function kindOf({ members }: LayerNodes): string {
  const ops = members.map(({ node }) => node.op);
  return COMPOSED[[...ops].sort().join(' ')] ?? ops.find((op) => KERNELS.has(op)) ?? ops.at(-1)!;
}

/** Layers that an activation function of several nodes alone follows have its output as `after`. */
function followComposed(graph: Graph, layers: readonly Layer[]): Layer[] {
  const taken = consumers(graph);
  const composed = layers.filter(({ kind, nodes }) => FUNCTIONS.has(kind) && nodes.length > 1);
  const byInput = new Map(composed.map((layer) => [layer.before, layer]));
  return layers.map((layer) => {
    const next = byInput.get(layer.output);
    if (!next || next === layer || layer.nodes.length === 0) return layer;
    const alone = taken.get(layer.output)!.every(({ name }) => next.nodes.includes(name));
    return alone && layer.before === layer.output ? { ...layer, after: next.output } : layer;
  });
}

function unique(wish: string, taken: Set<string>): string {
  let name = wish;
  for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`;
  taken.add(name);
  return name;
}
