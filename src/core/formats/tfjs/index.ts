import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { Format } from '../format.ts';
import { buildModel } from '../keras/build.ts';
import { readConfig } from '../keras/config.ts';
import { loneLayers } from '../keras/lone-layers.ts';
import { WeightTable } from '../keras/weights.ts';
import { openGraphModel, type GraphModelJson } from '../tensorflow/graph-model.ts';
import { weightsOnlyModel } from '../weights-only.ts';
import { readWeights } from './weights.ts';

export const tfjs: Format = {
  id: 'tfjs',
  title: 'TensorFlow.js',
  extensions: ['.json'],
  match: (file) => file.path.toLowerCase().endsWith('.json'),
  async open(file) {
    const model = parse(file.bytes());
    const graph = model.format === 'graph-model' || isGraph(model.modelTopology);
    const topology = graph ? model.modelTopology : unwrap(model.modelTopology);
    const manifest: unknown = Array.isArray(model) ? model : model.weightsManifest;
    if (!topology && isManifest(manifest))
      return weightsOnlyModel(loneLayers(await readWeights(manifest, file)), missingNetwork(file.path));
    if (!topology || !Array.isArray(model.weightsManifest))
      throw damaged("no TensorFlow.js model: 'modelTopology' and 'weightsManifest' were expected; choose a model.json");
    const weights = await readWeights(model.weightsManifest, file);
    if (graph) return openGraphModel(model, weights, file);
    const config = readConfig(topology);
    return buildModel(config, new WeightTable(weights), { version: versionOf(model.modelTopology) });
  },
};

interface ModelJson extends GraphModelJson {
  readonly format?: unknown;
  readonly weightsManifest?: unknown;
}

/** Whether it lists weights and the files that they are in. */
const isManifest = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (group: unknown) => typeof group === 'object' && group !== null && 'weights' in group && 'paths' in group,
  );

const missingNetwork = (path: string): string =>
  'the file lists weights alone, not the network; their filters can be shown. To see all, save the whole model in ' +
  `TensorFlow.js: await model.save('downloads://${basename(path).replace(/([-_.]?weights_manifest)?\.json$/i, '') || 'model'}')`;

function parse(bytes: Uint8Array): ModelJson {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged('not whole JSON; a TensorFlow.js model.json was expected: copy it again', error);
  }
  return typeof value === 'object' && value !== null ? value : {};
}

const isGraph = (topology: unknown): boolean =>
  typeof topology === 'object' && topology !== null && ('node' in topology || 'library' in topology);

/** The topology is the Keras configuration itself, or has it in `model_config`, as an object or as text. */
function unwrap(topology: unknown): unknown {
  if (typeof topology === 'string') return unwrap(parse(new TextEncoder().encode(topology)));
  if (typeof topology !== 'object' || topology === null) return undefined;
  return 'model_config' in topology ? unwrap(topology.model_config) : topology;
}

function versionOf(topology: unknown): string | undefined {
  const version = (topology as { keras_version?: unknown }).keras_version;
  return typeof version === 'string' ? version : undefined;
}
