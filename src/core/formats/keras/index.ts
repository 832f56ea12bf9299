import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { weightsOnlyModel } from '../weights-only.ts';
import { architectureBeside } from './beside.ts';
import { buildModel } from './build.ts';
import { readConfig } from './config.ts';
import { isHdf5 } from '../hdf5/file.ts';
import { loneLayers } from './lone-layers.ts';
import { WeightTable } from './weights.ts';
import { readKerasFile, type KerasFile } from './whole-model.ts';

export const keras: Format = {
  id: 'keras',
  title: 'Keras',
  extensions: ['.h5', '.hdf5'],
  match: (file) => /\.(h5|hdf5)$/i.test(file.path) || isHdf5(file.head),
  async open(file) {
    if (!isHdf5(file.head))
      throw damaged('no HDF5 signature at its beginning; a Keras model saved as .h5 was expected');
    const content = await readKerasFile(file);
    const { config, version, weights } = content;
    if (config === undefined) return openWeights(file, content);
    return buildModel(readConfig(parse(config)), new WeightTable(weights), version);
  },
};

/** Weights alone: with the architecture beside them they are a whole model. */
async function openWeights(file: ModelFile, { version, weights }: KerasFile): Promise<OpenedModel> {
  const found = await architectureBeside(file);
  if (!found) return weightsOnlyModel(loneLayers(weights), missingNetwork(file.path));
  const model = buildModel(readConfig(found.config), new WeightTable(weights), version ?? found.version);
  return { ...model, warnings: [...model.warnings, `The network is read from '${found.file}' beside the weights.`] };
}

function missingNetwork(path: string): string {
  const stem = basename(path).replace(/(\.weights)?\.(h5|hdf5)$/i, '');
  return (
    'the file has weights alone, not the network; its filters can be shown. To see all, save the whole model in Python: ' +
    `model.save('${stem}.keras'), or write model.to_json() to ${stem}.json beside it`
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged("its attribute 'model_config' is no JSON; save the model again", error);
  }
}
