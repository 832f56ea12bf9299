import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { countValues, fromHalf } from '../numbers.ts';
import type { StoredWeight } from '../keras/weights.ts';
import { lazily } from '../lazy.ts';
import { Shards } from './shards.ts';

interface Quantization {
  readonly dtype?: unknown;
  readonly scale?: unknown;
  readonly min?: unknown;
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
}

/** Bytes of a value, and its value, by stored type. */
const STORED: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float16: [2, (view, at) => fromHalf(view.getUint16(at, true))],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  uint8: [1, (view, at) => view.getUint8(at)],
  bool: [1, (view, at) => view.getUint8(at)],
};

/** Reads the weights of all groups from the shards beside the file; quantized ones become float32. */
export async function readWeights(manifest: readonly unknown[], file: ModelFile): Promise<StoredWeight[]> {
  const weights: StoredWeight[] = [];
  for (const value of manifest) {
    const { paths, weights: listed } = (value ?? {}) as { paths?: unknown; weights?: unknown };
    if (!Array.isArray(paths) || !Array.isArray(listed))
      throw damaged("a group of 'weightsManifest' has no 'paths' or no 'weights'; convert the model again");
    const shards: ModelFile[] = [];
    for (const path of paths) shards.push(await file.sibling(String(path)));
    weights.push(...cut(new Shards(shards), listed.map(readEntry), paths.join(', ')));
  }
  return weights;
}

function readEntry(value: unknown): Entry {
  const { name, shape, dtype, quantization } = (value ?? {}) as Partial<Entry>;
  if (typeof name !== 'string' || !Array.isArray(shape) || typeof dtype !== 'string')
    throw damaged("an entry of 'weightsManifest' has no name, shape or dtype; convert the model again");
  return { name, shape, dtype, quantization };
}

/** Cuts a group's bytes into its weights; every size is checked before anything is read. */
function cut(shards: Shards, entries: readonly Entry[], names: string): StoredWeight[] {
  let at = 0;
  const weights = entries.map(({ name, shape, dtype, quantization }): StoredWeight => {
    const kind = String(quantization?.dtype ?? dtype);
    if (!Object.hasOwn(STORED, kind)) throw damaged(`weight '${name}' has the type '${kind}', which is not known`);
    const [bytes, value] = STORED[kind]!;
    const count = countValues(shape, `weight '${name}'`);
    const start = at;
    const length = count * bytes;
    at += length;
    if (at > shards.size)
      throw damaged(
        `weight '${name}' declares [${shape.join(', ')}] of ${kind}, up to byte ${at}, but '${names}' has ${shards.size} bytes; copy the shards again`,
      );
    if (kind === 'float32' && !quantization)
      return { name, shape, tensor: (as = shape) => shards.floats(start, as, length, `weight '${name}'`) };
    const { scale, min } = scaleOf(quantization);
    const make = () => {
      const view = new DataView(shards.read(start, length).buffer);
      return Float32Array.from({ length: count }, (_, i) => value(view, i * bytes) * scale + min);
    };
    return { name, shape, tensor: (as = shape) => lazily(as, make) };
  });
  if (at !== shards.size)
    throw damaged(
      `'${names}' has ${shards.size} bytes where the weights fill ${at}; the shards belong to another model`,
    );
  return weights;
}

function scaleOf(quantization: Quantization | undefined): { scale: number; min: number } {
  const { scale, min } = quantization ?? {};
  return { scale: typeof scale === 'number' ? scale : 1, min: typeof min === 'number' ? min : 0 };
}
