import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../../../src/core/arrays/npy.ts';
import { elements, float32, int64 } from '../../../src/core/graph/tensor.ts';

/** An `.npy` file by the format's definition (numpy.lib.format): magic, version, header length, header, data. */
function npy(dict: string, data: Uint8Array, version = 1): Uint8Array {
  const header = `${dict}\n`;
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + header.length + data.length);
  bytes.set([0x93, ...Buffer.from('NUMPY'), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(Buffer.from(header), start);
  bytes.set(data, start + header.length);
  return bytes;
}

const dict = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`;

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('npy', () => {
  it('reads back what it writes, with the header padded to 64 bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }),
        fc.float({ noNaN: true }),
        (shape, seed) => {
          const data = Float32Array.from({ length: elements(shape) }, (_, i) => seed + i);
          const bytes = encodeNpy(float32(data, shape));
          expect((bytes.length - data.byteLength) % 64).toBe(0);
          const read = decodeNpy(bytes, 'a.npy');
          expect(read.shape).toEqual(shape);
          expect(Array.from(read.values)).toEqual(Array.from(data));
        },
      ),
    );
  });

  it('writes a one-axis shape as Python does', () => {
    expect(Buffer.from(encodeNpy(int64([1, 2, 3]))).toString('latin1')).toContain(
      "'<i8', 'fortran_order': False, 'shape': (3,)",
    );
  });

  it('reads a header of any length', () => {
    const long = `${dict('|u1', '1,')}${' '.repeat(300_000)}`;
    expect(Array.from(decodeNpy(npy(long, Uint8Array.of(9), 2), 'a.npy').values)).toEqual([9]);
  });

  it.each([
    ['<f8', bytesOf(Float64Array.of(1.5, -2)), [1.5, -2]],
    ['<f2', Uint8Array.of(0x00, 0x3e, 0x01, 0x80), [1.5, -(2 ** -24)]],
    ['|u1', Uint8Array.of(7, 255), [7, 255]],
    ['|i1', bytesOf(Int8Array.of(-1, 3)), [-1, 3]],
    ['<i2', bytesOf(Int16Array.of(-300, 3)), [-300, 3]],
    ['<u4', bytesOf(Uint32Array.of(4e9, 3)), [4e9, 3]],
    ['<i8', bytesOf(BigInt64Array.of(-5n, 3n)), [-5, 3]],
    ['>f4', Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0), [1, -2]],
    ['|b1', Uint8Array.of(1, 0), [1, 0]],
  ])('reads %s', (descr, data, expected) => {
    expect(Array.from(decodeNpy(npy(dict(descr, '2,'), data), 'a.npy').values)).toEqual(expected);
  });

  it('turns Fortran order into C order', () => {
    // The 2×3 matrix [[1, 2, 3], [4, 5, 6]] by columns.
    const file = npy(dict('<f4', '2, 3', 'True'), bytesOf(Float32Array.of(1, 4, 2, 5, 3, 6)));
    expect(Array.from(decodeNpy(file, 'a.npy').values)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([1, 2, 3])('reads version %i', (version) => {
    const file = npy(dict('<f4', ''), bytesOf(Float32Array.of(4)), version);
    expect(decodeNpy(file, 'a.npy')).toMatchObject({ shape: [] });
  });

  it.each([
    [
      'another kind of file',
      Buffer.from('PK\x03\x04 not numpy at all'),
      'a.npy: it does not begin as a NumPy file: expected \\x93NUMPY at byte 0.',
    ],
    [
      'an unknown version',
      npy(dict('<f4', ''), new Uint8Array(4), 4),
      'a.npy: NumPy format version 4 at byte 6: expected 1, 2 or 3.',
    ],
    [
      'too few values',
      npy(dict('<f4', '10'), new Uint8Array(8)),
      "a.npy: the shape (10) of '<f4' needs 40 bytes from byte 68, there are 8.",
    ],
    ['a shape beyond all memory', npy(dict('<f4', '99999999999, 99999999999'), new Uint8Array(8)), 'a.npy: the shape'],
    [
      'text',
      npy(dict('<U3', '1'), new Uint8Array(12)),
      "a.npy: its type is '<U3': expected floats or whole numbers (f2–f8, i1–i8, u1–u8, b1).",
    ],
    [
      'a header without a shape',
      npy("{'descr': '<f4', 'fortran_order': False}", new Uint8Array(4)),
      "a.npy: its header is damaged: expected 'descr' of one type, 'fortran_order' and 'shape'.",
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeNpy(bytes, 'a.npy')).toThrow(message);
  });

  it('refuses a header that is longer than the file', () => {
    const file = npy(dict('<f4', ''), new Uint8Array(4)).slice(0, 30);
    expect(() => decodeNpy(file, 'a.npy')).toThrow('a.npy: its header should have');
  });
});
