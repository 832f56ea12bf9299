import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { unsnap } from './snappy.ts';

const FOOTER = 48;
/** The last eight bytes of a table, little-endian. */
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
/** A block is followed by its compression and a check sum. */
const TRAILER = 5;
const SNAPPY = 1;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** The pairs of a LevelDB table (google/leveldb, doc/table_format.md), which a checkpoint's index is. */
export function* readTable(file: ModelFile): Generator<readonly [key: string, value: Uint8Array]> {
  const footer = file.size < FOOTER ? new Uint8Array(8) : file.read(file.size - FOOTER, FOOTER);
  if (MAGIC.some((value, i) => footer[footer.length - MAGIC.length + i] !== value))
    throw damaged('its variables.index does not end as an index does; copy the folder of variables again');
  const cursor = new Cursor(footer);
  handle(cursor); // of the meta index, which checkpoints do not use
  let left = file.size;
  for (const [, place] of entries(block(file, handle(cursor)))) {
    const next = handle(new Cursor(place));
    left -= next.size;
    if (left < 0) throw wrong(); // no two entries lead to the same block
    for (const [key, value] of entries(block(file, next))) yield [new TextDecoder().decode(key), value];
  }
}

function handle(cursor: Cursor): Handle {
  return { offset: cursor.varint(), size: cursor.varint() };
}

function block(file: ModelFile, { offset, size }: Handle): Uint8Array {
  if (offset + size + TRAILER > file.size)
    throw damaged(
      `its variables.index names bytes ${offset} to ${offset + size}, but ends at ${file.size}; copy the folder of variables again`,
    );
  const bytes = file.read(offset, size + TRAILER);
  return bytes[size] === SNAPPY ? unsnap(bytes.subarray(0, size)) : bytes.subarray(0, size);
}

/** The pairs of one block; a key is what it shares with the one before and what it adds. */
function* entries(bytes: Uint8Array): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const restarts = bytes.length < 4 ? 0 : view.getUint32(bytes.length - 4, true);
  const end = bytes.length - 4 * (restarts + 1);
  if (end < 0) throw wrong();
  const cursor = new Cursor(bytes.subarray(0, end));
  let key: Uint8Array = new Uint8Array();
  while (cursor.at < end) {
    const [shared, added, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length) throw wrong();
    key = Buffer.concat([key.subarray(0, shared), cursor.bytes(added)]);
    yield [key, cursor.bytes(length)];
  }
}

const wrong = () => damaged('a block of its variables.index is damaged; copy the folder of variables again');

class Cursor {
  at = 0;
  constructor(readonly source: Uint8Array) {}

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = this.source[this.at++];
      if (byte === undefined) throw wrong();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw wrong();
  }

  bytes(length: number): Uint8Array {
    const start = this.at;
    this.at += length;
    if (this.at > this.source.length) throw wrong();
    return this.source.subarray(start, this.at);
  }
}
