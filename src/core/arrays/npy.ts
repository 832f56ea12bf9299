import { fileError, type LayerscopeError } from '../errors.ts';
import { fromHalf } from '../formats/numbers.ts';
import { elements, type DType, type Tensor } from '../graph/tensor.ts';

/** An array as NumPy saves it, in C order whatever the file's was. */
export interface NpyArray {
  /** NumPy's type: `<f4`, `|u1`, … */
  readonly descr: string;
  readonly shape: readonly number[];
  /** As numbers; 64-bit whole numbers beyond 2^53 are rounded. */
  readonly values: Float32Array | Float64Array;
}

type ReadElement = (view: DataView, offset: number, little: boolean) => number;

const ELEMENTS: Readonly<Record<string, { readonly size: number; readonly read: ReadElement }>> = {
  f2: { size: 2, read: (view, at, little) => fromHalf(view.getUint16(at, little)) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
};

const MAGIC = '\x93NUMPY';

/**
 * Reads an `.npy` file, versions 1 to 3: floats and whole numbers of any size, C and Fortran order.
 * Throws a file error that says the place and what was expected there.
 */
export function decodeNpy(bytes: Uint8Array, file: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin1(bytes, 0, 6) !== MAGIC)
    throw fileError(file, `it does not begin as a NumPy file: expected \\x93NUMPY at byte 0.`);
  const major = bytes[6]!;
  if (major < 1 || major > 3) throw fileError(file, `NumPy format version ${major} at byte 6: expected 1, 2 or 3.`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length)
    throw fileError(file, `its header should have ${length} bytes from byte ${start}, the file has ${bytes.length}.`);
  const { descr, fortran, shape } = parseHeader(latin1(bytes, start, start + length), file);

  const element = ELEMENTS[descr.slice(1)];
  if (!element || !'<>|='.includes(descr[0]!))
    throw fileError(file, `its type is '${descr}': expected floats or whole numbers (f2–f8, i1–i8, u1–u8, b1).`);
  const count = elements(shape);
  const data = start + length;
  if (!Number.isSafeInteger(count) || data + count * element.size !== bytes.length)
    throw fileError(
      file,
      `the shape ${showSizes(shape)} of '${descr}' needs ${count * element.size} bytes from byte ${data}, ` +
        `there are ${bytes.length - data}.`,
    );
  const values = /f[24]$/.test(descr) ? new Float32Array(count) : new Float64Array(count);
  const little = descr[0] !== '>';
  const place = fortran ? fortranOrder(shape) : undefined;
  for (let i = 0; i < count; i++) values[place ? place(i) : i] = element.read(view, data + i * element.size, little);
  return { descr, shape, values };
}

/** Writes an `.npy` file, version 1, C order, little-endian. */
export function encodeNpy(tensor: Tensor): Uint8Array {
  const shape = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(', ');
  const dict = `{'descr': '${DESCR[tensor.dtype]}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = `${dict}${' '.repeat((64 - ((11 + dict.length) % 64)) % 64)}\n`;
  const data = new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set(Array.from(MAGIC, (letter) => letter.charCodeAt(0)));
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  bytes.set(data, 10 + header.length);
  return bytes;
}

const DESCR: Readonly<Record<DType, string>> = { float32: '<f4', int64: '<i8', int32: '<i4', bool: '|b1' };

function parseHeader(header: string, file: string) {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) throw expectedHeader(file);
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map((size) => Number.parseInt(size, 10));
  if (shape.length > 32 || shape.some((size) => !Number.isSafeInteger(size))) throw expectedHeader(file);
  return { descr, fortran: order === 'True', shape };
}

const expectedHeader = (file: string): LayerscopeError =>
  fileError(file, `its header is damaged: expected 'descr' of one type, 'fortran_order' and 'shape'.`);

/** Where the element that stands at index i in Fortran order stands in C order. */
function fortranOrder(shape: readonly number[]): (i: number) => number {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  return (i) => {
    let place = 0;
    shape.forEach((size, axis) => {
      place += (i % size) * strides[axis]!;
      i = Math.floor(i / size);
    });
    return place;
  };
}

const latin1 = (bytes: Uint8Array, from: number, to: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');

const showSizes = (shape: readonly number[]) => `(${shape.join(', ')})`;
