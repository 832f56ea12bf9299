import type { Dataset } from 'h5wasm';
import { float32, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import { lazily } from '../lazy.ts';
import { countValues, fromBrain, fromHalf } from '../numbers.ts';
import type { Hdf5 } from './file.ts';

/** An array of a file. */
export interface StoredArray {
  readonly shape: readonly number[];
  /**
   * Its values as float32 in the file's order, in another shape of as many if one is given. Those that stand in the file
   * as they are stay there; all others were read.
   */
  tensor(shape?: readonly number[]): Tensor<'float32'>;
}

const FLOAT = 1;

/** Compressed data are at most about this many times larger than the file. */
const MOST_COMPRESSION = 1000;

/** Finds an array of numbers; `of` says in messages whose. Throws where it can't be in the file, or holds no numbers. */
export function readDataset(file: Hdf5, dataset: Dataset, of: string): StoredArray {
  const { metadata } = dataset;
  const shape = dataset.shape ?? [];
  const bytes = countValues(shape, of) * metadata.size;
  const { size } = file.source;
  if (bytes > size && bytes > size * (dataset.filters.length > 0 ? MOST_COMPRESSION : 1))
    throw damaged(`${of} declares [${shape.join(', ')}], ${bytes} bytes, in a file of ${size}; it is damaged`);
  const extent = file.extent(dataset);
  const stands = extent?.length === bytes && metadata.littleEndian && bytes > 0 ? extent.offset : undefined;
  if (stands !== undefined && metadata.type === FLOAT && metadata.size === 4)
    return { shape, tensor: (as = shape) => file.source.floats(stands, as, of) };
  const half = metadata.size === 2 ? halfOf(dataset) : undefined;
  if (half) {
    if (stands === undefined) throw damaged(`${of} is of 16 bits, and compressed; save it as float32`);
    return { shape, tensor: (as = shape) => lazily(as, () => decode(file.source.read(stands, bytes), half)) };
  }
  const values = valuesOf(dataset, of);
  return { shape, tensor: (as = shape) => float32(values, as) };
}

/** How a number of 16 bits is read: Keras writes bfloat16 as opaque data, and says so. */
function halfOf(dataset: Dataset): ((bits: number) => number) | undefined {
  if (dataset.metadata.type === FLOAT) return fromHalf;
  return dataset.attrs.dtype?.value === 'bfloat16' ? fromBrain : undefined;
}

function decode(bytes: Uint8Array, read: (bits: number) => number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => read(view.getUint16(i * 2, true)));
}

function valuesOf(dataset: Dataset, of: string): Float32Array {
  const { value } = dataset;
  if (typeof value === 'number' || typeof value === 'bigint') return Float32Array.of(Number(value));
  if (!ArrayBuffer.isView(value)) throw damaged(`${of} holds no numbers`);
  const numbers = value as unknown as ArrayLike<number | bigint>;
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers, Number);
}
