import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { weightsOnlyModel } from '../weights-only.ts';
import { architectureBeside } from './beside.ts';
import { isHdf5 } from '../hdf5/file.ts';
import { loneLayers } from './lone-layers.ts';
import { openNetwork, openWeights } from './network.ts';
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
    if (content.config === undefined) return openWeightsFile(file, content);
    return openNetwork(parse(content.config), content);
  },
};

/** Weights alone: with the architecture beside them they are a whole model. */
async function openWeightsFile(file: ModelFile, content: KerasFile): Promise<OpenedModel> {
  const found = await architectureBeside(file);
  if (!found) {
    const { weights, rotated } = openWeights(content);
    return weightsOnlyModel(loneLayers(weights, rotated), missingNetwork(file.path));
  }
  const { version = found.version, backend = found.backend } = content;
  const model = openNetwork(found.config, { ...content, version, backend });
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
