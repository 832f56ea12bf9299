import type { Source } from './source.ts';

/** Where an array's values stand in the file, one after the other. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** A message of an object header, as its type and the place of its data. */
interface Message {
  readonly type: number;
  readonly bytes: DataView;
}

const LAYOUT = 0x0008;
const EXTERNAL = 0x0007;
const CONTINUATION = 0x0010;

/** More than any dataset's header has. */
const MOST_BLOCKS = 16;
const LARGEST_BLOCK = 64 * 1024;

const CONTIGUOUS = 1;

/**
 * Where the values of a dataset stand, from its object header (HDF5 file format 3.0, §IV.A): a header of version 1 or 2 with
 * a data layout message of version 3 or 4 of the contiguous class. Undefined for anything else, and where the header is damaged.
 */
export function findExtent(source: Source, header: number): Extent | undefined {
  let found: Extent | undefined;
  for (const { type, bytes } of messages(source, header)) {
    if (type === EXTERNAL) return undefined;
    if (type !== LAYOUT || bytes.byteLength < 18) continue;
    const version = bytes.getUint8(0);
    if ((version !== 3 && version !== 4) || bytes.getUint8(1) !== CONTIGUOUS) return undefined;
    const [offset, length] = [2, 10].map((at) => Number(bytes.getBigUint64(at, true))) as [number, number];
    if (offset + length <= source.size) found = { offset, length };
  }
  return found;
}

function* messages(source: Source, header: number): Generator<Message> {
  const start = view(source, header, 32);
  if (!start) return;
  // `OHDR`: version 2, in which a message has 4 bytes before it, or 6; in version 1 it has 8.
  const isNew = start.getUint32(0, false) === 0x4f484452;
  if (!isNew && start.getUint8(0) !== 1) return;
  const flags = isNew ? start.getUint8(5) : 0;
  const blocks = [isNew ? newBlock(start, header, flags) : { at: header + 16, length: start.getUint32(8, true) }];
  for (let i = 0; i < Math.min(blocks.length, MOST_BLOCKS); i++) {
    const { at, length } = blocks[i]!;
    const block = view(source, at, length);
    if (!block) return;
    for (const message of inBlock(block, isNew, flags)) {
      yield message;
      if (message.type !== CONTINUATION || message.bytes.byteLength < 16) continue;
      const [next, size] = [0, 8].map((field) => Number(message.bytes.getBigUint64(field, true))) as [number, number];
      // A further block of version 2 stands between its signature and its checksum.
      blocks.push(isNew ? { at: next + 4, length: size - 8 } : { at: next, length: size });
    }
  }
}

/** The messages in the header itself: after flags, times and limits, and a size of 1, 2, 4 or 8 bytes. */
function newBlock(start: DataView, header: number, flags: number): { at: number; length: number } {
  const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  let length = 0;
  for (let i = width - 1; i >= 0; i--) length = length * 256 + start.getUint8(at + i);
  return { at: header + at + width, length };
}

function* inBlock(block: DataView, isNew: boolean, flags: number): Generator<Message> {
  const before = isNew ? (flags & 4 ? 6 : 4) : 8;
  for (let at = 0; at + before <= block.byteLength;) {
    const type = isNew ? block.getUint8(at) : block.getUint16(at, true);
    const size = block.getUint16(at + (isNew ? 1 : 2), true);
    const next = at + before + size;
    if (next > block.byteLength) return;
    yield { type, bytes: new DataView(block.buffer, block.byteOffset + at + before, size) };
    at = next;
  }
}

function view(source: Source, at: number, length: number): DataView | undefined {
  if (!(at >= 0 && length > 0 && length <= LARGEST_BLOCK && at + length <= source.size)) return undefined;
  const bytes = source.read(at, length);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}
