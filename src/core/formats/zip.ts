import { inflateSync } from 'fflate';
import { damaged } from './failure.ts';
import type { ModelFile } from './format.ts';

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Whether its bytes stand in the archive as they are. */
  readonly stored: boolean;
  /** In bytes, as it stands in the archive and when it is unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Of its own header. */
  readonly header: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
/** In place of a number that stands in the zip64 fields. */
const ELSEWHERE = 0xffffffff;

/** Deflate makes data at most this many times smaller. */
const MOST_COMPRESSION = 1032;

export const isZip = ({ head }: ModelFile): boolean => startsWith(head, [0x50, 0x4b, 0x03, 0x04]);

export const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, i) => bytes[i] === byte);

/**
 * A zip archive of which only the directory is held (PKWARE's APPNOTE 6.3, with zip64). Methods throw file errors where it is
 * damaged; nothing is read beyond the file, or unpacked to more than its directory declares.
 */
export class Zip {
  readonly entries: ReadonlyMap<string, ZipEntry>;

  constructor(readonly file: ModelFile) {
    this.entries = readDirectory(file);
  }

  /** Where a file's bytes begin, for one that is not packed. */
  offset(entry: ZipEntry): number {
    if (!entry.stored)
      throw damaged(`'${entry.name}' in the archive is compressed, which weights never are; save the model again`);
    return this.#content(entry);
  }

  read(entry: ZipEntry): Uint8Array {
    const bytes = this.file.read(this.#content(entry), entry.packed);
    if (entry.stored) return bytes;
    const tell = (cause?: unknown) => damaged(`'${entry.name}' in the archive can't be unpacked; copy it again`, cause);
    if (entry.size > entry.packed * MOST_COMPRESSION) throw tell();
    try {
      const unpacked = inflateSync(bytes, { out: new Uint8Array(entry.size) });
      if (unpacked.length === entry.size) return unpacked;
    } catch (error) {
      throw tell(error);
    }
    throw tell();
  }

  #content({ name, header, packed }: ZipEntry): number {
    const view = viewOf(this.file.read(header, 30));
    const begin = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    if (view.getUint32(0, true) !== LOCAL || begin + packed > this.file.size)
      throw damaged(`'${name}' is not where the archive's directory says; copy it again`);
    return begin;
  }
}

function readDirectory(file: ModelFile): Map<string, ZipEntry> {
  const { start, length, count } = findDirectory(file);
  const bytes = file.read(start, length);
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > length || view.getUint32(at, true) !== DIRECTORY) throw broken();
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const next = at + 46 + name + extra + comment;
    if (next > length) throw broken();
    const entry = readEntry(bytes.subarray(at, next), name, extra);
    if (entry.header + 30 + entry.packed > file.size || (entry.stored && entry.packed !== entry.size)) throw broken();
    if (entries.has(entry.name)) throw damaged(`'${entry.name}' stands in the archive twice; copy or save it again`);
    entries.set(entry.name, entry);
    at = next;
  }
  return entries;
}

function readEntry(bytes: Uint8Array, nameLength: number, extraLength: number): ZipEntry {
  const view = viewOf(bytes);
  const method = view.getUint16(10, true);
  const name = new TextDecoder().decode(bytes.subarray(46, 46 + nameLength));
  if (method !== 0 && method !== 8)
    throw damaged(`'${name}' in the archive is packed by a method that is not read (${method}); save the model again`);
  const fields = zip64Fields(viewOf(bytes.subarray(46 + nameLength, 46 + nameLength + extraLength)));
  // In this order, and only those that are elsewhere (APPNOTE 4.5.3).
  const [size, packed, header] = [24, 20, 42].map((field) => {
    const short = view.getUint32(field, true);
    return short === ELSEWHERE ? (fields.shift() ?? short) : short;
  }) as [number, number, number];
  return { name, stored: method === 0, packed, size, header };
}

function zip64Fields(extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1 && at + 4 + length <= extra.byteLength)
      return Array.from({ length: Math.min(3, length >> 3) }, (_, i) => uint64(extra, at + 4 + 8 * i));
    at += 4 + length;
  }
  return [];
}

function findDirectory(file: ModelFile): { readonly start: number; readonly length: number; readonly count: number } {
  // After the last record there may be a comment of up to 64 KiB.
  const tail = file.read(Math.max(0, file.size - 22 - 0xffff), Math.min(file.size, 22 + 0xffff));
  const view = viewOf(tail);
  let at = tail.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged('the zip archive has no end, it was cut off; copy it again');
  let [count, length, start] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 12, true),
    view.getUint32(at + 16, true),
  ];
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    const record = viewOf(file.read(uint64(view, at - 12), 56));
    if (record.getUint32(0, true) !== END64) throw broken();
    [count, length, start] = [uint64(record, 32), uint64(record, 40), uint64(record, 48)];
  }
  if (start + length > file.size || count * 46 > length) throw broken();
  return { start, length, count };
}

const broken = () => damaged("the zip archive's directory is damaged; copy it again");

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Larger numbers than a double holds are no places in a file: they lose their last bits, and are then out of range. */
const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));
