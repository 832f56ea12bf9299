import type { Dataset, Entity, File, Group } from 'h5wasm';
import { LayerscopeError } from '../../errors.ts';
import { damaged } from '../failure.ts';
import { loadLibrary, mount, type Library } from './library.ts';
import { findExtent, type Extent } from './object-header.ts';
import type { Source } from './source.ts';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the bytes begin as an HDF5 file does (a block of the user's may stand before: 512 bytes, 1024, 2048 …). */
export function isHdf5(bytes: Uint8Array): boolean {
  for (let at = 0; at + SIGNATURE.length <= bytes.length; at = at === 0 ? 512 : at * 2)
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

const kindOf = (entity: Entity | null) => (entity && 'type' in entity ? String(entity.type) : undefined);
export const isGroup = (entity: Entity | null): entity is Group => kindOf(entity) === 'Group';
export const isDataset = (entity: Entity | null): entity is Dataset => kindOf(entity) === 'Dataset';

const DAMAGED = 'its HDF5 structure is damaged or ends early; save or copy it again';

/** An HDF5 file that is open. */
export class Hdf5 {
  constructor(
    readonly library: Library,
    readonly root: File,
    readonly source: Source,
  ) {}

  /** Where a dataset's values stand as they are; undefined where the library must read them. */
  extent(dataset: Dataset): Extent | undefined {
    try {
      // A reference to an object is the place of its header, in eight bytes.
      const reference = Uint8Array.from(this.library.Module.create_object_reference(dataset.file_id, dataset.path));
      if (reference.length !== 8 || !isAtStart(this.source)) return undefined;
      const header = new DataView(reference.buffer).getBigUint64(0, true);
      return findExtent(this.source, Number(header));
    } catch {
      return undefined;
    }
  }
}

/** Without a user's block places in the file are as they are written; sizes and places of 8 bytes, as everywhere. */
function isAtStart(source: Source): boolean {
  const start = source.read(0, 16);
  if (!SIGNATURE.every((byte, i) => start[i] === byte)) return false;
  const at = start[8]! < 2 ? 13 : 9;
  return start[at] === 8 && start[at + 1] === 8;
}

/** What `read` takes from an HDF5 file, which is closed then. Throws a file error where it is damaged. */
export async function readHdf5<T>(source: Source, read: (file: Hdf5) => T): Promise<T> {
  const library = await loadLibrary();
  let mounted: ReturnType<typeof mount> | undefined;
  try {
    mounted = mount(library, source);
    return read(new Hdf5(library, mounted.file, source));
  } catch (error) {
    const failure = mounted?.failure();
    for (const told of [failure, error]) if (told instanceof LayerscopeError) throw told;
    throw damaged(DAMAGED, failure ?? error);
  } finally {
    mounted?.close();
  }
}
