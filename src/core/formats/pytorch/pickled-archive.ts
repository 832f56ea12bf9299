import { int64, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { Zip } from '../zip.ts';
import { PickleReader } from './pickle/read.ts';
import { Dict, itemsOf, TensorView, type Storage, type Value } from './pickle/values.ts';
import { readStorage, tensorOf, type StoragePlace } from './storages.ts';

/**
 * An archive of `torch.save` or TorchScript: pickles, each with its storages in a folder beside it (`data.pkl`, `data/0` …).
 * Methods throw file errors.
 */
export class PickledArchive {
  /** Before all names in the archive: `NAME/`. */
  readonly folder: string;
  /** In which folder each storage's bytes are. */
  readonly #folders = new WeakMap<Storage, string>();

  constructor(
    readonly zip: Zip,
    /** The name of its `data.pkl`. */
    pickle: string,
  ) {
    this.folder = pickle.slice(0, -'data.pkl'.length);
    const order = zip.entries.get(`${this.folder}byteorder`);
    if (order && new TextDecoder().decode(zip.read(order)) === 'big')
      throw damaged('its numbers are big-endian, which is not read; save it again on a usual machine');
  }

  /** The object in `data.pkl`, `constants.pkl` … */
  read(name: string): Value | undefined {
    const entry = this.zip.entries.get(`${this.folder}${name}.pkl`);
    if (!entry) return undefined;
    const reader = new PickleReader(this.zip.read(entry), `its '${name}.pkl'`, (id) => {
      const storage = readStorage(id);
      this.#folders.set(storage, `${this.folder}${name}/`);
      return storage;
    });
    return reader.read();
  }

  /** The tensor's values: float32, or whole numbers as they are. */
  tensor(view: TensorView, name: string): Tensor {
    const place = this.place(view.storage);
    const tensor = tensorOf(view, name, this.zip.file, place);
    if (tensor) return tensor;
    const { element } = view;
    if (!element) throw damaged(`'${name}' holds numbers that are not read; save the model with float32 weights`);
    const whole = { ...view, element: { ...element, real: true } };
    const { shape, data } = tensorOf(whole, name, this.zip.file, place)!;
    return int64(Array.from(data, Math.trunc), shape);
  }

  place(storage: Storage): StoragePlace {
    const path = `${this.#folders.get(storage)}${storage.key}`;
    const entry = this.zip.entries.get(path);
    if (!entry) throw damaged(`no '${path}' in the archive; copy or save it again`);
    return { offset: this.zip.offset(entry), bytes: entry.size };
  }

  /** The sizes of the images that a network was traced with, where the file says them. */
  tracedShapes(): (readonly number[])[] {
    const found: (readonly number[])[] = [];
    const value = this.read('traced_inputs');
    const visit = (one: Value | undefined, depth: number) => {
      if (one instanceof TensorView) found.push(one.shape);
      else if (depth < 4)
        for (const inner of one instanceof Dict ? one.entries.values() : itemsOf(one)) visit(inner, depth + 1);
    };
    visit(value, 0);
    return found;
  }
}

/** Where the archive has its `data.pkl`: in a folder called as the file once was. */
export const pickleName = (zip: Zip): string | undefined =>
  [...zip.entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
