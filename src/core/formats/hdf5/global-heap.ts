import type { Source } from './source.ts';

/** `GCOL`, version 1 and three reserved bytes: how a global heap of HDF5 begins. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];

const HEADER = 16;

/**
 * Whether every global heap of an HDF5 file (where its texts are) that begins in this range is a chain of objects that ends
 * at its end. The HDF5 library follows one that is not without end (HDF5 file format 3.0, §III.E).
 */
export function hasWholeGlobalHeaps(source: Source, start: number, bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(SIGNATURE[0]!); at >= 0; at = bytes.indexOf(SIGNATURE[0]!, at + 1))
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte) && !isWhole(source, start + at)) return false;
  return true;
}

/** How many bytes beyond a range show whether a heap begins at its end. */
export const BEYOND = SIGNATURE.length - 1;

function isWhole(source: Source, start: number): boolean {
  if (start + HEADER > source.size) return false;
  const end = Number(viewOf(source.read(start, HEADER)).getBigUint64(8, true));
  if (end < HEADER || start + end > source.size) return false;
  const view = viewOf(source.read(start, end));
  let at = HEADER;
  while (at + HEADER <= end) {
    const isFree = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    // The size of free space counts its header, that of an object does not.
    if (isFree && size < HEADER) return false;
    at += isFree ? size : HEADER + Math.ceil(size / 8) * 8;
  }
  return at <= end;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
