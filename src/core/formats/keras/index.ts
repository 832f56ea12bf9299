import { damaged } from '../failure.ts';
import type { Format } from '../format.ts';
import { buildModel } from './build.ts';
import { readConfig } from './config.ts';
import { isHdf5 } from './hdf5.ts';
import { WeightTable } from './weights.ts';
import { readKerasFile } from './whole-model.ts';

export const keras: Format = {
  id: 'keras',
  title: 'Keras',
  extensions: ['.h5', '.hdf5'],
  match: (file) => /\.(h5|hdf5)$/i.test(file.path) || isHdf5(file.head),
  async open(file) {
    if (!isHdf5(file.head))
      throw damaged('no HDF5 signature at its beginning; a Keras model saved as .h5 was expected');
    const { config, version, weights } = await readKerasFile(file.bytes());
    return buildModel(readConfig(parse(config)), new WeightTable(weights), version);
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged("its attribute 'model_config' is no JSON; save the model again", error);
  }
}
