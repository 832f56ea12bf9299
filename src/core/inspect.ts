import { blocks } from './blocks.ts';
import { classCount } from './classes.ts';
import { FORMATS } from './formats/index.ts';
import { nodeFlops } from './graph/costs.ts';
import { producers, type Attribute, type Node } from './graph/graph.ts';
import { receptiveFields, type ReceptiveField } from './graph/receptive-field.ts';
import { elements } from './graph/tensor.ts';
import { isRunnable } from './layers.ts';
import type { Layer, Model, UnknownOperator } from './model.ts';
import type { Session } from './session.ts';
import type { LayerSummary, ModelSummary } from './summaries.ts';
import { kernelNode } from './visualizers/kernels.ts';

/** All that can be said of a model without running it. */
export function summarize(session: Session): ModelSummary {
  const { model, shapes, description, engine } = session;
  const { graph } = model;
  const fields = receptiveFields(graph, shapes);
  const flops = nodeFlops(graph, shapes);
  const block = blocks(model.layers.map(({ name }) => name));
  const inputs = layerInputs(model);
  const layers = model.layers.map((layer): LayerSummary => {
    const field = fields.get(layer.output);
    const runnable = isRunnable(session, layer.output);
    const inBlock = block.get(layer.name);
    return {
      name: layer.name,
      kind: layer.kind,
      shape: runnable ? shapes.get(layer.output)!.slice(1) : undefined,
      parameters: countParameters(model, layer.weights),
      flops: layer.nodes.reduce((sum, node) => sum + (flops.get(node) ?? 0), 0),
      ...(field && { receptiveField: plainField(field) }),
      attributes: facts(model, layer),
      inputs: inputs.get(layer) ?? [],
      ...(inBlock !== undefined && { block: inBlock }),
      hasFilters: kernelNode(model, layer) !== undefined,
      runnable,
    };
  });
  const classes = classCount(session);
  return {
    file: model.file,
    parts: (model.parts ?? []).flatMap(({ path }) => (path === model.file ? [] : [path])),
    format: model.format,
    formatTitle: FORMATS.find(({ id }) => id === model.format)?.title ?? model.format,
    sha256: model.sha256,
    inputs: model.inputs.map(({ name, shape, layout }) => ({ name, shape: shape.slice(1), layout })),
    outputs: graph.outputs,
    layers,
    parameters: countParameters(model, [...new Set(model.layers.flatMap(({ weights }) => weights))]),
    flops: layers.reduce((sum, layer) => sum + layer.flops, 0),
    unknown: model.unknown,
    warnings: [...model.warnings, ...unknownWarnings(model.unknown), ...(engine.notices ?? [])],
    ...(model.missing !== undefined && { missing: model.missing }),
    description,
    ...(classes !== undefined && { classes }),
    engine: engine.id,
  };
}

/** A line for each kind of operator. */
function unknownWarnings(unknown: readonly UnknownOperator[]): string[] {
  const nodes = new Map<string, string[]>();
  for (const { op, node } of unknown) nodes.set(op, [...(nodes.get(op) ?? []), node]);
  return [...nodes].map(([op, [first, ...more]]) => {
    const where = more.length > 0 ? `${more.length + 1} nodes, the first '${first!}',` : `node '${first!}'`;
    return `The operator ${op} of ${where} is not known: what depends on it can't be run; its structure and filters are shown.`;
  });
}

/** In whole pixels: behind an enlarged picture a field ends within one. */
const plainField = ({ size: [height, width], stride }: ReceptiveField) => ({
  size: [wholePixels(height), wholePixels(width)] as const,
  stride,
});

const wholePixels = (length: number): number => Math.ceil(length - 1e-6);

const countParameters = (model: Model, weights: readonly string[]): number =>
  weights.reduce((sum, name) => sum + elements(model.graph.constants.get(name)?.shape ?? [0]), 0);

const FACTS = [
  'kernel_shape',
  'strides',
  'pads',
  'dilations',
  'group',
  'ceil_mode',
  'axis',
  'epsilon',
  'alpha',
  'mode',
];

/** What a person asks of the layer's main operator: the one with a window, else its first. */
function facts(model: Model, layer: Layer): Record<string, Attribute> {
  const nodes = nodesOf(model, layer);
  const main = kernelNode(model, layer) ?? nodes.find(({ attributes }) => 'kernel_shape' in attributes) ?? nodes[0];
  if (!main) return {};
  const kernel = model.graph.constants.get(main.inputs[1] ?? '')?.shape.slice(2);
  const given = Object.entries(main.attributes).filter(([name]) => FACTS.includes(name));
  const window: Record<string, Attribute> = main.op.startsWith('Conv') && kernel ? { kernel_shape: kernel } : {};
  return { ...window, ...Object.fromEntries(given) };
}

function nodesOf(model: Model, layer: Layer): Node[] {
  const names = new Set(layer.nodes);
  return names.size === 0 ? [] : model.graph.nodes.filter(({ name }) => names.has(name));
}

/** Which layers' outputs each layer takes, looked for through nodes that belong to none. */
function layerInputs(model: Model): Map<Layer, string[]> {
  const made = producers(model.graph);
  const owners = new Map(model.layers.flatMap((layer) => layer.nodes.map((node) => [node, layer] as const)));
  const given = new Map(
    model.layers.filter(({ nodes }) => nodes.length === 0).map((layer) => [layer.output, layer] as const),
  );
  const nodes = new Map(model.graph.nodes.map((node) => [node.name, node]));

  const from = (layer: Layer, tensors: readonly string[], found: Set<string>, seen: Set<string>) => {
    for (const tensor of tensors) {
      if (seen.has(tensor)) continue;
      seen.add(tensor);
      const node = made.get(tensor);
      const owner = node ? owners.get(node.name) : given.get(tensor);
      if (owner && owner !== layer) found.add(owner.name);
      else if (node && !owner) from(layer, node.inputs, found, seen);
    }
    return found;
  };
  return new Map(
    model.layers.map((layer) => {
      const tensors = layer.nodes.flatMap((name) => nodes.get(name)?.inputs ?? []);
      return [layer, [...from(layer, tensors, new Set(), new Set())]];
    }),
  );
}
