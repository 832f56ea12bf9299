import { int64, type Tensor } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import type { Zip, ZipEntry } from '../../zip.ts';
import { ELEMENTS, type Element } from '../elements.ts';
import { Storage, TensorView } from '../pickle/values.ts';
import { tensorOf } from '../storages.ts';
import { readProgram, readWeightsConfig, sizeOf, type ExportedProgram, type StoredTensor } from './program.ts';

/** Number types by their numbers in the program (torch/_export/serde/schema.py, ScalarType). */
const TYPES: Readonly<Record<number, Element>> = {
  1: ELEMENTS.uint8,
  2: ELEMENTS.int8,
  3: ELEMENTS.int16,
  4: ELEMENTS.int32,
  5: ELEMENTS.int64,
  6: ELEMENTS.float16,
  7: ELEMENTS.float32,
  8: ELEMENTS.float64,
  12: ELEMENTS.bool,
  13: ELEMENTS.bfloat16,
};

/** A `.pt2` archive of `torch.export.save` (PyTorch 2.8 and newer). */
export interface ExportedArchive {
  readonly program: ExportedProgram;
  /** A parameter, buffer or constant by its name in the network. */
  tensor(name: string): Tensor;
}

/** The program that is told of by `models/NAME.json`: one called `model`, else the first. */
export function programEntry(zip: Zip): ZipEntry | undefined {
  const found = [...zip.entries.values()].filter(({ name }) => /(^|\/)models\/[^/]+\.json$/.test(name));
  return found.find(({ name }) => name.endsWith('/model.json')) ?? found[0];
}

export function readArchive(zip: Zip, entry: ZipEntry): ExportedArchive {
  const program = readProgram(zip.read(entry), entry.name);
  const [, folder, model] = /^(.*?)models\/([^/]+)\.json$/.exec(entry.name) as unknown as [string, string, string];
  const stored = new Map<string, { readonly path: string; readonly tensor: StoredTensor }>();
  for (const part of ['weights', 'constants']) {
    const config = zip.entries.get(`${folder}data/${part}/${model}_${part}_config.json`);
    if (!config) continue;
    for (const [name, tensor] of Object.entries(readWeightsConfig(zip.read(config), config.name)))
      stored.set(name, { path: `${folder}data/${part}/${tensor.path_name}`, tensor });
  }
  return {
    program,
    tensor(name) {
      const found = stored.get(name);
      if (!found) throw damaged(`no values for '${name}' in the archive; export the model again`);
      return readStored(zip, name, found.path, found.tensor);
    },
  };
}

/** More whole numbers than this are no table of positions. */
const MOST_INDICES = 2 ** 24;

function readStored(
  zip: Zip,
  name: string,
  path: string,
  { use_pickle: pickled, tensor_meta: meta }: StoredTensor,
): Tensor {
  const entry = zip.entries.get(path);
  if (!entry) throw damaged(`no '${path}' in the archive, which has the values of '${name}'; copy or export it again`);
  const element = meta && TYPES[meta.dtype];
  if (pickled || !meta || !element)
    throw damaged(`'${name}' is stored in a way that is not read; export the model with plain float32 weights`);
  const [shape, strides] = [meta.sizes, meta.strides].map((sizes) => sizes.map(sizeOf));
  const offset = sizeOf(meta.storage_offset);
  const whole = [...shape!, ...strides!, offset].every((size) => size !== undefined && size >= 0);
  if (!whole || shape!.length !== strides!.length)
    throw damaged(`'${name}' has no sizes and strides; export the model again`);
  const storage = new Storage(path, element, Math.floor(entry.size / element.bytes));
  const view = new TensorView(storage, offset!, shape as number[], strides as number[]);
  const place = { offset: zip.offset(entry), bytes: entry.size };
  const tensor = tensorOf(view, name, zip.file, place);
  if (tensor) return tensor;
  const plain = tensorOf({ ...view, element: { ...element, real: true } }, name, zip.file, place)!;
  if (storage.count > MOST_INDICES)
    throw damaged(`'${name}' has ${storage.count} whole numbers; export the model again`);
  return int64(Array.from(plain.data, Math.trunc), plain.shape);
}
