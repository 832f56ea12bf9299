import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { isZip, Zip, type ZipEntry } from '../zip.ts';
import { checkpointModel } from './checkpoint.ts';
import { programEntry, readArchive } from './exported/archive.ts';
import { exportedModel } from './exported/import.ts';
import { isLegacy, openLegacy } from './legacy.ts';
import { PickleReader } from './pickle/read.ts';
import { scriptModel } from './torchscript/import.ts';
import { readStorage } from './storages.ts';

const EXTENSIONS = ['.pt', '.pth', '.pt2', '.ckpt', '.bin'];

/** What `torch.save`, `torch.jit.save` and `torch.export.save` write. */
export const pytorch: Format = {
  id: 'pytorch',
  title: 'PyTorch',
  extensions: EXTENSIONS,
  match: (file) => {
    const extension = EXTENSIONS.find((one) => file.path.toLowerCase().endsWith(one));
    // These two are other programs' too.
    const shared = extension === '.bin' || extension === '.ckpt';
    return extension !== undefined && (!shared || isZip(file) || isLegacy(file));
  },
  open(file) {
    if (isZip(file)) return Promise.resolve(openZip(file));
    if (isLegacy(file)) return Promise.resolve(openLegacy(file));
    throw damaged('neither a zip archive nor a pickle, which PyTorch writes; copy or save it again with torch.save');
  },
};

function openZip(file: ModelFile): OpenedModel {
  const zip = new Zip(file);
  const program = programEntry(zip);
  if (program) return exportedModel(readArchive(zip, program));
  const pickle = [...zip.entries.values()].find(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (!pickle) throw damaged("no 'data.pkl' in the archive: no file of torch.save; save the model again");
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const isScript = zip.entries.has(`${folder}constants.pkl`);
  return isScript ? scriptModel(zip, pickle.name) : openStateDict(zip, pickle);
}

function openStateDict(zip: Zip, pickle: ZipEntry): OpenedModel {
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const order = zip.entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(zip.read(order)) === 'big')
    throw damaged('its numbers are big-endian, which is not read; save it again on a usual machine');
  const saved = new PickleReader(zip.read(pickle), "its 'data.pkl'", readStorage).read();
  return checkpointModel(zip.file, saved, ({ key }) => {
    const entry = zip.entries.get(`${folder}data/${key}`);
    if (!entry) throw damaged(`no '${folder}data/${key}' in the archive; copy or save it again`);
    return { offset: zip.offset(entry), bytes: entry.size };
  });
}
