import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import { checkpointModel } from './checkpoint.ts';
import { PickleReader } from './pickle/read.ts';
import { itemsOf, type Storage, type Value } from './pickle/values.ts';
import { readStorage, type StoragePlace } from './storages.ts';

/** The first pickle of a file that PyTorch before 1.6 wrote, as `torch.serialization` has it: 0x1950a86a20f9469cfc6c. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** The pickles stand before the values; they hold names and sizes. */
const LONGEST_PICKLES = 2 ** 26;

/** Whether it begins as the pickle of that number does. */
export const isLegacy = ({ head }: ModelFile): boolean => head[0] === 0x80 && head[2] === 0x8a && head[3] === 0x0a;

/**
 * Files of `torch.save` before 1.6: pickles (magic number, protocol, machine, what was saved, the storages' keys), then each
 * storage with its length before it.
 */
export function openLegacy(file: ModelFile): OpenedModel {
  const storages = new Map<string, Storage>();
  const persistent = (id: Value): Value => {
    const [kind, type, , , , view] = itemsOf(id);
    // The class of a module that was saved whole, with its source text.
    if (kind === 'module') return type ?? null;
    if (view !== undefined && view !== null)
      throw damaged(
        'a storage in it is part of another one, which is not read; save it again with PyTorch 1.6 or newer',
      );
    const storage = readStorage(id);
    const known = storages.get(storage.key);
    if (!known) storages.set(storage.key, storage);
    return known ?? storage;
  };
  const bytes = file.read(0, Math.min(file.size, LONGEST_PICKLES));
  const reader = new PickleReader(bytes, 'its pickle', persistent);
  if (reader.read() !== MAGIC || reader.read() !== PROTOCOL)
    throw damaged('a pickle, but not one of PyTorch; save the weights with torch.save(model.state_dict(), FILE)');
  reader.read(); // the machine that wrote it
  const saved = reader.read();
  const keys = itemsOf(reader.read()).map(String);
  const places = placesOf(file, reader.at, keys, storages);
  return checkpointModel(file, saved, ({ key }) => {
    const place = places.get(key);
    if (!place) throw damaged(`the storage '${key}' is not in the file; copy or save it again`);
    return place;
  });
}

function placesOf(
  file: ModelFile,
  start: number,
  keys: readonly string[],
  storages: ReadonlyMap<string, Storage>,
): Map<string, StoragePlace> {
  const places = new Map<string, StoragePlace>();
  let at = start;
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage?.element)
      throw damaged(`the storage '${key}' holds numbers that are not read; save the weights as float32`);
    const count = new DataView(file.read(at, 8).buffer).getBigInt64(0, true);
    if (count !== BigInt(storage.count))
      throw damaged(
        `the storage '${key}' has ${count} values, its pickle says ${storage.count}; copy or save it again`,
      );
    const place = { offset: at + 8, bytes: storage.count * storage.element.bytes };
    at = place.offset + place.bytes;
    places.set(key, place);
  }
  if (at > file.size) throw damaged(`its values end at ${at}, the file at ${file.size}; it was cut off: copy it again`);
  return places;
}
