import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { countValues } from '../numbers.ts';
import { weightsOnlyModel, type NamedTensor } from '../weights-only.ts';
import { ELEMENTS, tensorAt, type Element } from './elements.ts';
import { missingGraph, quote } from './missing.ts';
import { naturally } from './natural-order.ts';
import { stateDictLayers } from './state-dict.ts';

const INDEX = '.safetensors.index.json';

/** The format's own limit. */
const LONGEST_HEADER = 100_000_000;

const TYPES: Readonly<Record<string, Element>> = {
  F64: ELEMENTS.float64,
  F32: ELEMENTS.float32,
  F16: ELEMENTS.float16,
  BF16: ELEMENTS.bfloat16,
  I64: ELEMENTS.int64,
  I32: ELEMENTS.int32,
  I16: ELEMENTS.int16,
  I8: ELEMENTS.int8,
  U8: ELEMENTS.uint8,
  BOOL: ELEMENTS.bool,
};

/** Weights alone: a JSON header with names, types, shapes and places, then the values (huggingface.co/docs/safetensors). */
export const safetensors: Format = {
  id: 'safetensors',
  title: 'safetensors',
  extensions: ['.safetensors', INDEX],
  match: ({ path }) => path.toLowerCase().endsWith('.safetensors') || path.toLowerCase().endsWith(INDEX),
  async open(file) {
    const parts = file.path.toLowerCase().endsWith(INDEX) ? await readIndex(file) : [file];
    const tensors = parts.flatMap((part) => readSafetensors(part, parts.length > 1 ? basename(part.path) : undefined));
    return toModel(file, parts, tensors);
  },
};

function toModel(file: ModelFile, parts: readonly ModelFile[], tensors: readonly NamedTensor[]): OpenedModel {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw damaged(`the tensor '${name}' stands in two of its files; save the model again`);
    names.add(name);
  }
  if (tensors.length === 0) throw damaged('it has no weights that are real numbers; save the model again');
  // The file sorts by type and alphabet; the network's own order is not in it.
  const layers = stateDictLayers([...tensors].sort((a, b) => naturally(a.name, b.name)));
  const load = parts.map(
    ({ path }) =>
      `model.load_state_dict(load_file(${quote(basename(path))})${parts.length > 1 ? ', strict=False' : ''})`,
  );
  const statements = ['from safetensors.torch import load_file', ...load.slice(0, 3), ...(load[3] ? ['…'] : [])];
  return weightsOnlyModel(layers, missingGraph(file.path, statements.join('; '), layers));
}

interface Entry {
  readonly name: string;
  readonly element: Element;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The tensors of real numbers. `part`: what the file is called where there are several. */
function readSafetensors(file: ModelFile, part: string | undefined): NamedTensor[] {
  const within = part === undefined ? '' : ` of '${part}'`;
  const { entries, start } = readHeader(file, within);
  let before: Entry | undefined;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (before && entry.begin < before.end)
      throw damaged(`tensors '${before.name}' and '${entry.name}'${within} overlap; the file is damaged`);
    before = entry;
  }
  return entries
    .filter(({ element }) => element.real)
    .map(({ name, element, shape, begin }) => {
      return { name, tensor: tensorAt({ file, element, shape, offset: start + begin }, `tensor '${name}'`) };
    });
}

function readHeader(file: ModelFile, within: string): { readonly entries: Entry[]; readonly start: number } {
  if (file.size < 8) throw damaged(`too short for a safetensors file${within}; copy it again`);
  const length = Number(new DataView(file.head.buffer, file.head.byteOffset).getBigUint64(0, true));
  if (length > file.size - 8 || length > LONGEST_HEADER)
    throw damaged(
      `its header${within} would have ${length} bytes, the file has ${file.size}; it is no safetensors file, or was cut off: copy it again`,
    );
  const header = parse(file.read(8, length), `header${within}`);
  const start = 8 + length;
  const entries = Object.entries(header).flatMap(([name, value]) =>
    name === '__metadata__' ? [] : (readEntry(name, value, file.size - start) ?? []),
  );
  return { entries, start };
}

/** Undefined for a type whose numbers are not read (8 bits and less). */
function readEntry(name: string, value: unknown, room: number): Entry | undefined {
  const { dtype, shape, data_offsets: offsets } = Object(value) as Readonly<Record<string, unknown>>;
  const of = `tensor '${name}'`;
  if (typeof dtype !== 'string' || !isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2)
    throw damaged(`${of} has no type, shape and two offsets in the header; the file is damaged`);
  const [begin, end] = offsets as readonly [number, number];
  if (!(begin >= 0 && begin <= end && end <= room))
    throw damaged(
      `${of} lies at ${begin} to ${end} of ${room} bytes; the file is damaged, or was cut off: copy it again`,
    );
  const element = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!element) return undefined;
  const bytes = countValues(shape, of) * element.bytes;
  if (bytes !== end - begin)
    throw damaged(
      `${of} declares [${shape.join(', ')}] of ${dtype}, ${bytes} bytes, but has ${end - begin}; the file is damaged`,
    );
  return { name, element, shape, begin, end };
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one));

function parse(bytes: Uint8Array, what: string): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw damaged(`its ${what} is no JSON; it is no safetensors file, or a damaged one: copy it again`, error);
  }
  throw damaged(`its ${what} is no JSON object; it is no safetensors file, or a damaged one: copy it again`);
}

/** The files that an index names, in its order. */
async function readIndex(file: ModelFile): Promise<ModelFile[]> {
  const { weight_map: map } = parse(file.bytes(), 'index') as { readonly weight_map?: unknown };
  const names = new Set(Object.values(Object(map) as object));
  if (names.size === 0) throw damaged("no files in its 'weight_map'; open the .safetensors files by themselves");
  const parts: ModelFile[] = [];
  for (const name of names) {
    if (typeof name !== 'string') throw damaged("its 'weight_map' names something that is no file");
    parts.push(await file.sibling(name));
  }
  return parts;
}
