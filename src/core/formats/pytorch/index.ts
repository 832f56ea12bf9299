import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { isZip, Zip } from '../zip.ts';
import { checkpointModel } from './checkpoint.ts';
import { programEntry, readArchive } from './exported/archive.ts';
import { exportedModel } from './exported/import.ts';
import { isOlderProgram, readOlderArchive } from './exported/older.ts';
import { isLegacy, openLegacy } from './legacy.ts';
import { PickledArchive, pickleName } from './pickled-archive.ts';
import { scriptModel } from './torchscript/import.ts';

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
  if (isOlderProgram(zip)) return exportedModel(readOlderArchive(zip));
  const pickle = pickleName(zip);
  if (pickle === undefined) throw damaged("no 'data.pkl' in the archive: no file of torch.save; save the model again");
  const archive = new PickledArchive(zip, pickle);
  if (zip.entries.has(`${archive.folder}constants.pkl`)) return scriptModel(archive);
  return checkpointModel(file, archive.read('data')!, (storage) => archive.place(storage));
}
