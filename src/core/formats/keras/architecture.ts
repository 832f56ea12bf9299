import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { isHdf5 } from '../hdf5/file.ts';
import { weightsOnlyModel, type LoneLayer } from '../weights-only.ts';
import { architecture } from './beside.ts';
import { readConfig, type ModelConfig } from './config.ts';
import { openNetwork } from './network.ts';
import { readKerasFile } from './whole-model.ts';

/** An architecture as `model.to_json()` writes it: with the weights beside it a whole model, else its layers' names. */
export const kerasArchitecture: Format = {
  id: 'keras',
  title: 'Keras architecture',
  extensions: ['.json'],
  match({ path, head }) {
    if (!/\.json$/i.test(path)) return false;
    const text = new TextDecoder().decode(head);
    return /"class_name"\s*:/.test(text) && !/"(modelTopology|weightsManifest)"\s*:/.test(text);
  },
  async open(file) {
    const found = architecture(parse(file), basename(file.path));
    if (!found)
      throw damaged("no Keras architecture: 'class_name' and 'config' of a model were expected; choose another file");
    const weights = await weightsBeside(file);
    if (!weights) return structureOnly(readConfig(found.config), basename(file.path, '.json'));
    const content = await readKerasFile(weights);
    const { version = found.version, backend = found.backend } = content;
    const model = openNetwork(found.config, { ...content, version, backend });
    const where = `The weights are read from '${basename(weights.path)}' beside the network.`;
    return { ...model, warnings: [...model.warnings, where] };
  },
};

/** The HDF5 file in which the weights of an architecture usually stand. */
async function weightsBeside(file: ModelFile): Promise<ModelFile | undefined> {
  const stem = basename(file.path).replace(/\.json$/i, '');
  const names = [
    `${stem}.weights.h5`,
    `${stem}.h5`,
    `${stem}_weights.h5`,
    'weights.h5',
    'model.weights.h5',
    'model.h5',
  ];
  for (const name of names) {
    if (!(await file.exists(name))) continue;
    const weights = await file.sibling(name);
    if (isHdf5(weights.head)) return weights;
  }
  return undefined;
}

function structureOnly(config: ModelConfig, stem: string): OpenedModel {
  return weightsOnlyModel(
    layersOf(config, ''),
    `the file has the network without its weights; put them beside it as ${stem}.weights.h5 (model.save_weights), ` +
      `or save the whole model in Python: model.save('${stem}.keras')`,
  );
}

const layersOf = (config: ModelConfig, prefix: string): LoneLayer[] =>
  config.layers.flatMap(({ name, kind, model }) =>
    model ? layersOf(model, `${prefix}${name}/`) : [{ name: `${prefix}${name}`, kind, weights: [] }],
  );

function parse(file: ModelFile): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(file.bytes()));
  } catch (error) {
    throw damaged('not whole JSON; a Keras architecture was expected: copy it again', error);
  }
}
