import { damaged } from '../../failure.ts';
import { Zip } from '../../zip.ts';
import { innerFile } from '../inner-file.ts';
import { Dict, TensorView } from '../pickle/values.ts';
import { PickledArchive, pickleName } from '../pickled-archive.ts';
import type { ExportedArchive } from './archive.ts';
import { readProgram } from './program.ts';

const PROGRAM = 'serialized_exported_program.json';
/** What holds tensors: files of `torch.save`, in the archive as they are. */
const STORED = ['serialized_state_dict.pt', 'serialized_constants.pt'];

/** Whether it is what `torch.export.save` wrote before PyTorch 2.8. */
export const isOlderProgram = (zip: Zip): boolean => zip.entries.has(PROGRAM);

export function readOlderArchive(zip: Zip): ExportedArchive {
  const program = readProgram(zip.read(zip.entries.get(PROGRAM)!), PROGRAM);
  const stored = new Map<string, { readonly archive: PickledArchive; readonly view: TensorView }>();
  for (const name of STORED) {
    const archive = openInner(zip, name);
    const saved = archive?.read('data');
    if (!archive || !(saved instanceof Dict)) continue;
    for (const [key, view] of saved.entries)
      if (typeof key === 'string' && view instanceof TensorView) stored.set(key, { archive, view });
  }
  return {
    program,
    tensor(name) {
      const found = stored.get(name);
      if (!found) throw damaged(`no values for '${name}' in the archive; export the model again`);
      return found.archive.tensor(found.view, name);
    },
  };
}

function openInner(zip: Zip, name: string): PickledArchive | undefined {
  const entry = zip.entries.get(name);
  if (!entry || entry.size === 0) return undefined;
  const inner = new Zip(innerFile(zip.file, name, zip.offset(entry), entry.size));
  const pickle = pickleName(inner);
  return pickle === undefined ? undefined : new PickledArchive(inner, pickle);
}
