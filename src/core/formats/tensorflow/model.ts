import { prune } from '../../graph/passes.ts';
import { damaged } from '../failure.ts';
import type { OpenedModel } from '../format.ts';
import { asPixels } from '../pixels.ts';
import { Importer, type Sources } from './import.ts';
import { withBiases } from './bias.ts';
import { withChannels } from './channels.ts';
import { addInput, batchOf, channelsLast, type Ends } from './inputs.ts';
import { tensorflowLayers } from './layers.ts';
import type { Body } from './library.ts';
import { withoutLoops } from './loops.ts';
import { atOwnSize } from './opening.ts';
import type { Result } from './result.ts';

/** The model of what lies between the ends of a graph. */
export function buildModel(graph: Body, ends: Ends, sources: Sources): OpenedModel {
  const body = withoutLoops(graph);
  const [free, failure] = tried(() => attempt(body, ends, sources, false));
  if (free?.unknown.length === 0) return free;
  const [fixed] = tried(() => attempt(body, ends, sources, true));
  const best = fixed && !(free && free.unknown.length <= fixed.unknown.length) ? fixed : free;
  if (!best) throw failure;
  return best;
}

function tried(build: () => OpenedModel): [model: OpenedModel | undefined, failure?: unknown] {
  try {
    return [build()];
  } catch (error) {
    return [undefined, error];
  }
}

function attempt(body: Body, ends: Ends, sources: Sources, fixed: boolean): OpenedModel {
  const warnings: string[] = fixed ? ['The batch size is fixed: the network computes with it.'] : [];
  const batchIsFixed = (ends.inputs[0]?.sizes?.[0] ?? -1) > 0;
  const settings = { batch: batchOf(ends.inputs), batchIsFixed, channelsLast: channelsLast(body.nodes) };
  const importer = new Importer(sources, settings);
  const given = new Map<string, Result>(body.nodes.flatMap(switches));
  const reader = () => new Importer(sources, settings);
  const whole = ends.inputs.map((one) => withChannels(atOwnSize(one, body, reader()), body, reader()));
  const inputs = whole.map((one) => {
    const { input, result } = addInput(importer, one, fixed, warnings);
    given.set(one.tensor, result);
    return input;
  });
  const outputs = importer
    .run(body, ends.outputs, given)
    .flatMap((result) => (result.kind === 'computed' ? [result.tensor] : []));
  if (outputs.length === 0) throw damaged('its outputs do not depend on its inputs; freeze the graph again');
  const all = importer.draft.graph([...new Set(outputs)]);
  const graph = { ...withBiases(prune(all, all.outputs)), inputs: all.inputs };
  const nodes = new Set(graph.nodes.map(({ name }) => name));
  return {
    graph,
    inputs,
    layers: tensorflowLayers(graph, importer.origins),
    unknown: importer.unknown.filter(({ node }) => nodes.has(node)),
    warnings,
    ...(ends.inputs[0]?.bytes && { preprocessing: asPixels(inputs[0]!.shape) }),
  };
}

/** Placeholders that say whether the network is trained: it is not. */
function switches(node: Body['nodes'][number]): [string, Result][] {
  if (node.op !== 'Placeholder' && node.op !== 'PlaceholderWithDefault') return [];
  if (node.attributes.get('dtype')?.type !== 10) return [];
  const value = { dtype: 'bool', shape: [], items: [0] } as const;
  return [[`${node.name}:0`, { kind: 'known', name: node.name, value }]];
}
