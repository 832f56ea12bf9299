import { elements as countOf, type Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { countValues } from '../numbers.ts';
import { ELEMENTS, extent, tensorAt, type Element } from './elements.ts';
import { Global, itemsOf, Storage, type TensorView, type Value } from './pickle/values.ts';

/** Where a storage's values begin in the file, and how many bytes there are. */
export interface StoragePlace {
  readonly offset: number;
  readonly bytes: number;
}

const CLASSES: Readonly<Record<string, Element>> = {
  DoubleStorage: ELEMENTS.float64,
  FloatStorage: ELEMENTS.float32,
  HalfStorage: ELEMENTS.float16,
  BFloat16Storage: ELEMENTS.bfloat16,
  LongStorage: ELEMENTS.int64,
  IntStorage: ELEMENTS.int32,
  ShortStorage: ELEMENTS.int16,
  CharStorage: ELEMENTS.int8,
  ByteStorage: ELEMENTS.uint8,
  BoolStorage: ELEMENTS.bool,
  UntypedStorage: ELEMENTS.uint8,
};

/** `('storage', torch.FloatStorage, '0', 'cpu', 9408)`: type, key, device, number of values. */
export function readStorage(id: Value): Storage {
  const [kind, type, key, , count] = itemsOf(id);
  const valid = kind === 'storage' && type instanceof Global && (typeof key === 'string' || typeof key === 'number');
  if (!valid || !Number.isSafeInteger(count) || (count as number) < 0)
    throw damaged('its pickle refers to something that is no storage of PyTorch; save the model again');
  const name = type.name.split('.').at(-1)!;
  return new Storage(String(key), Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined, count as number);
}

/** The tensor's values as float32; undefined for whole numbers, and for kinds that are not read. */
export function tensorOf(
  view: TensorView,
  name: string,
  file: ModelFile,
  place: StoragePlace,
): Tensor<'float32'> | undefined {
  const { element, shape, strides, offset } = view;
  if (!element?.real) return undefined;
  const of = `tensor '${name}'`;
  const room = Math.floor(place.bytes / element.bytes);
  const count = countValues(shape, of);
  const end = offset + extent(shape, strides);
  if (!(end <= room))
    throw damaged(`${of} reaches to value ${end} of a storage of ${room}; the file is damaged: copy or save it again`);
  // What is broadcast (strides of zero) may be larger than what is stored, but not than all that there is.
  if (count > room && countOf(shape) > file.size)
    throw damaged(`${of} declares [${shape.join(', ')}], more than the file can hold; it is damaged`);
  return tensorAt({ file, offset: place.offset + offset * element.bytes, element, shape, strides }, of);
}
