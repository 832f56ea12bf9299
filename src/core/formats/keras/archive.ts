import { strFromU8 } from 'fflate';
import { damaged } from '../failure.ts';
import type { Format } from '../format.ts';
import { readHdf5 } from '../hdf5/file.ts';
import { inMemory, partOf, type Source } from '../hdf5/source.ts';
import { isZip, Zip } from '../zip.ts';
import { buildModel } from './build.ts';
import { readConfig } from './config.ts';
import { byClass, numberedWeights } from './numbered.ts';
import { WeightTable } from './weights.ts';

const WEIGHTS = 'model.weights.h5';

/** Keras 3: a zip with the configuration and the weights, whose groups are numbered by the layers' classes. */
export const kerasArchive: Format = {
  id: 'keras',
  title: 'Keras archive',
  extensions: ['.keras'],
  match: (file) => file.path.toLowerCase().endsWith('.keras'),
  async open(file) {
    if (!isZip(file)) throw damaged('not a whole zip archive, which a .keras file is; save or copy it again');
    const zip = new Zip(file);
    const config = readConfig(parse(zip, 'config.json'));
    const { keras_version: version } = parse(zip, 'metadata.json') as { keras_version?: unknown };
    const weights = byClass(await readHdf5(weightsOf(zip), numberedWeights), config);
    return buildModel(config, new WeightTable(weights), { version: typeof version === 'string' ? version : '3' });
  },
};

function entryOf(zip: Zip, name: string) {
  const entry = zip.entries.get(name);
  if (!entry) throw damaged(`no '${name}' in the archive; save the model again`);
  return entry;
}

/** They are hardly ever packed; where they are not, they stay in the file. */
function weightsOf(zip: Zip): Source {
  const entry = entryOf(zip, WEIGHTS);
  return entry.stored ? partOf(zip.file, zip.offset(entry), entry.size) : inMemory(zip.read(entry));
}

function parse(zip: Zip, name: string): object {
  const bytes = zip.read(entryOf(zip, name));
  try {
    return Object(JSON.parse(strFromU8(bytes))) as object;
  } catch (error) {
    throw damaged(`its '${name}' is no JSON; save the model again`, error);
  }
}
