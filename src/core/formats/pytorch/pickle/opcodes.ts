import { damaged } from '../../failure.ts';
import type { PickleReader } from './read.ts';
import { Dict, Global, Tuple, type Value } from './values.ts';

type Opcode = (reader: PickleReader) => void;

const uint8 = (reader: PickleReader) => reader.number(1, (view, at) => view.getUint8(at));
const uint16 = (reader: PickleReader) => reader.number(2, (view, at) => view.getUint16(at, true));
const uint32 = (reader: PickleReader) => reader.number(4, (view, at) => view.getUint32(at, true));
const uint64 = (reader: PickleReader) => reader.number(8, (view, at) => view.getBigUint64(at, true));
const int32 = (reader: PickleReader) => reader.number(4, (view, at) => view.getInt32(at, true));

const push =
  (make: (reader: PickleReader) => Value): Opcode =>
  (reader) =>
    reader.push(make(reader));

function dictOf(items: readonly Value[]): Dict {
  const dict = new Dict();
  for (let i = 0; i + 1 < items.length; i += 2) dict.entries.set(items[i]!, items[i + 1]!);
  return dict;
}

/** A whole number of any length, little-endian two's complement; a double where it holds it. */
function long(bytes: Uint8Array): Value {
  if (bytes.length === 0) return 0;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex.reverse().join('')}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** No class has a longer name. */
const LONGEST_NAME = 500;

function globalOf(module: Value, name: Value): Global {
  if (typeof module !== 'string' || typeof name !== 'string' || module.length + name.length > LONGEST_NAME)
    throw damaged('its pickle names a class that can be none; the file is damaged: copy or save it again');
  return new Global(`${module}.${name}`);
}

/** By the letters of Python's `pickletools`. */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [0x80, (reader) => void uint8(reader)], // PROTO
  [0x95, (reader) => void uint64(reader)], // FRAME
  [0x28, (reader) => reader.mark()],
  [0x30, (reader) => void reader.pop()],
  [0x31, (reader) => void reader.marked()],
  [0x32, push((reader) => reader.top)], // DUP

  [0x4e, push(() => null)],
  [0x88, push(() => true)],
  [0x89, push(() => false)],
  [0x4a, push(int32)],
  [0x4b, push(uint8)],
  [0x4d, push(uint16)],
  [0x8a, push((reader) => long(reader.take(uint8(reader))))], // LONG1
  [0x47, push((reader) => reader.number(8, (view, at) => view.getFloat64(at)))],
  [0x58, push((reader) => reader.text(uint32(reader)))],
  [0x8c, push((reader) => reader.text(uint8(reader)))],
  [0x8d, push((reader) => reader.text(uint64(reader)))],
  [0x55, push((reader) => reader.text(uint8(reader)))], // SHORT_BINSTRING of Python 2
  [0x54, push((reader) => reader.text(uint32(reader)))],
  [0x43, push((reader) => reader.take(uint8(reader)))],
  [0x42, push((reader) => reader.take(uint32(reader)))],
  [0x8e, push((reader) => reader.take(uint64(reader)))],
  [0x96, push((reader) => reader.take(uint64(reader)))], // BYTEARRAY8

  [0x5d, push(() => [])],
  [0x6c, push((reader) => reader.marked())],
  [0x61, (reader) => reader.append([reader.pop()])],
  [0x65, (reader) => reader.append(reader.marked())],
  [0x8f, push(() => [])], // EMPTY_SET
  [0x90, (reader) => reader.append(reader.marked())],
  [0x91, push((reader) => reader.marked())],
  [0x29, push(() => new Tuple([]))],
  [0x74, push((reader) => new Tuple(reader.marked()))],
  [0x85, (reader) => reader.tuple(1)],
  [0x86, (reader) => reader.tuple(2)],
  [0x87, (reader) => reader.tuple(3)],
  [0x7d, push(() => new Dict())],
  [0x64, push((reader) => dictOf(reader.marked()))],
  [
    0x73,
    (reader) => {
      const value = reader.pop();
      reader.setItems([reader.pop(), value]);
    },
  ],
  [0x75, (reader) => reader.setItems(reader.marked())],

  [0x71, (reader) => reader.remember(uint8(reader))],
  [0x72, (reader) => reader.remember(uint32(reader))],
  [0x94, (reader) => reader.remember()],
  [0x68, (reader) => reader.recall(uint8(reader))],
  [0x6a, (reader) => reader.recall(uint32(reader))],

  [0x63, push((reader) => globalOf(reader.line(), reader.line()))],
  [
    0x93,
    (reader) => {
      const name = reader.pop();
      reader.push(globalOf(reader.pop(), name));
    },
  ],
  [0x52, (reader) => reader.reduce()],
  [
    0x81,
    (reader) => {
      const args = reader.pop();
      reader.make(reader.pop(), args);
    },
  ],
  [
    0x92, // NEWOBJ_EX
    (reader) => {
      reader.pop();
      const args = reader.pop();
      reader.make(reader.pop(), args);
    },
  ],
  [0x62, (reader) => reader.build()],
  [0x51, (reader) => reader.push(reader.persistent(reader.pop()))],
]);
