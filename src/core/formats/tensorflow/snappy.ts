import { damaged } from '../failure.ts';

/** More than a block of a checkpoint's index holds. */
const MOST = 2 ** 26;

/** Decompresses a block of raw Snappy (google/snappy, format_description.txt). Throws where it does not fit its length. */
export function unsnap(bytes: Uint8Array): Uint8Array {
  let at = 0;
  const wrong = () => damaged('a block of the index is no Snappy data as it should be; copy the variables again');
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw wrong();
    return value;
  };
  const little = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value += byte() * 2 ** (8 * i);
    return value;
  };

  let size = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    const part = byte();
    size += (part & 0x7f) * 2 ** shift;
    more = part >= 0x80;
    if (size > MOST || shift > 28) throw wrong();
  }
  const result = new Uint8Array(size);
  let to = 0;
  const literal = (tag: number) => {
    const short = tag >> 2;
    const length = (short < 60 ? short : little(short - 59)) + 1;
    if (at + length > bytes.length || to + length > size) throw wrong();
    result.set(bytes.subarray(at, at + length), to);
    at += length;
    to += length;
  };
  const copy = (length: number, offset: number) => {
    if (offset < 1 || offset > to || to + length > size) throw wrong();
    // Byte by byte: what is copied may overlap what it makes.
    for (let i = 0; i < length; i++, to++) result[to] = result[to - offset]!;
  };
  while (at < bytes.length) {
    const tag = byte();
    const kind = tag & 3;
    if (kind === 0) literal(tag);
    else if (kind === 1) copy(((tag >> 2) & 7) + 4, (tag >> 5) * 256 + byte());
    else copy((tag >> 2) + 1, little(kind === 2 ? 2 : 4));
  }
  if (to !== size) throw wrong();
  return result;
}
