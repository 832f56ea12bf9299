import { LayerscopeError } from '../../errors.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { WIRE, WireReader, type Field } from '../wire.ts';
import { Message, type Value } from './message.ts';
import { ENUMERATIONS, MESSAGES, type Fields } from './schema.ts';

/** More fields than any network has: a file that holds that many small ones is something else. */
const MOST_FIELDS = 2_000_000;

interface Entry {
  readonly name: string;
  readonly type: string;
}

const BY_NUMBER = new Map(Object.entries(MESSAGES).map(([message, fields]) => [message, byNumber(fields)] as const));

function byNumber(fields: Fields): ReadonlyMap<number, Entry> {
  return new Map(Object.entries(fields).map(([name, [id, type]]) => [id, { name, type }]));
}

/** Reads a message in its binary form; of blobs, only where their values stand. Unknown fields are skipped. */
export function readBinary(file: ModelFile, type: 'Net' | 'Blob' = 'Net'): Message {
  return new BinaryReader(file).message(type, 0, file.size);
}

class BinaryReader {
  readonly #reader: WireReader;
  #fields = 0;

  constructor(file: ModelFile) {
    this.#reader = new WireReader(file);
  }

  message(type: string, start: number, end: number): Message {
    const entries = BY_NUMBER.get(type)!;
    const message = new Message();
    for (let at = start; at < end;) {
      const field = this.#field(at, end);
      at = field.end;
      if (++this.#fields > MOST_FIELDS) throw damaged(`more than ${MOST_FIELDS} fields; no network has that many`);
      const entry = entries.get(field.number);
      if (!entry) continue;
      for (const value of this.#values(entry, field)) message.add(entry.name, value);
    }
    return message;
  }

  #field(at: number, end: number): Field {
    try {
      return this.#reader.field(at, end);
    } catch (error) {
      if (!(error instanceof LayerscopeError)) throw error;
      throw damaged(`not a whole file of Caffe: ${error.message}; copy or download it again`, error);
    }
  }

  #values(entry: Entry, field: Field): Value[] {
    const { name, type } = entry;
    if (type === 'int' || type === 'bool' || type.startsWith('#')) return this.#integers(entry, field);
    if (type === 'float') return this.#floats(entry, field);
    if (field.wire !== WIRE.bytes) throw wrong(name, field);
    if (type === 'values') return [{ offset: field.start, length: field.end - field.start }];
    if (type === 'string') return [new TextDecoder().decode(this.#reader.bytes(field.start, field.end))];
    return [this.message(type, field.start, field.end)];
  }

  #integers({ name, type }: Entry, field: Field): Value[] {
    const made: Value[] = [];
    if (field.wire === WIRE.varint) made.push(this.#reader.integer(field));
    else if (field.wire === WIRE.bytes) {
      // Packed: varints, one after the other.
      for (let start = field.start; start < field.end;) {
        let end = start + 1;
        while (end < field.end && this.#reader.bytes(end - 1, end)[0]! >= 0x80) end++;
        if (++this.#fields > MOST_FIELDS) throw damaged(`more than ${MOST_FIELDS} fields; no network has that many`);
        made.push(this.#reader.integer({ ...field, start, end }));
        start = end;
      }
    } else throw wrong(name, field);
    if (type === 'bool') return made.map((value) => value !== 0);
    if (!type.startsWith('#')) return made;
    const names = ENUMERATIONS[type.slice(1)]!;
    return made.map((value) => names[value as number] ?? String(value as number));
  }

  #floats({ name }: Entry, field: Field): Value[] {
    if (field.wire !== WIRE.fixed32 && field.wire !== WIRE.bytes) throw wrong(name, field);
    const length = field.end - field.start;
    this.#fields += length / 4;
    if (length % 4 !== 0 || this.#fields > MOST_FIELDS) throw wrong(name, field);
    const bytes = this.#reader.bytes(field.start, field.end);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  }
}

const wrong = (name: string, { tag }: Field) =>
  damaged(`field '${name}' at byte ${tag} does not hold what Caffe writes there; copy the file again`);
