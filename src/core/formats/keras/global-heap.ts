/** `GCOL`, version 1 and three reserved bytes: how a global heap of HDF5 begins. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];

const HEADER = 16;

/**
 * Whether every global heap of an HDF5 file (where its texts are) is a chain of objects that ends at its end. The HDF5
 * library follows one that is not without end (HDF5 file format 3.0, §III.E).
 */
export function hasWholeGlobalHeaps(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(SIGNATURE[0]!); at >= 0; at = bytes.indexOf(SIGNATURE[0]!, at + 1))
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte) && !isWhole(view, at)) return false;
  return true;
}

function isWhole(view: DataView, start: number): boolean {
  if (start + HEADER > view.byteLength) return false;
  const end = start + Number(view.getBigUint64(start + 8, true));
  if (end > view.byteLength) return false;
  let at = start + HEADER;
  while (at + HEADER <= end) {
    const isFree = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    // The size of free space counts its header, that of an object does not.
    if (isFree && size < HEADER) return false;
    at += isFree ? size : HEADER + Math.ceil(size / 8) * 8;
  }
  return at <= end;
}
