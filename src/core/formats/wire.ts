import { damaged } from './failure.ts';
import type { ModelFile } from './format.ts';

/** Wire types of protocol buffers. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A field as it stands in a file: its tag, and where its value starts and ends. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const WINDOW = 64 * 1024;

/** Walks over the fields of protocol buffers in a file, reading a window of it at a time. */
export class WireReader {
  #window: Uint8Array = new Uint8Array();
  #from = 0;

  constructor(readonly file: ModelFile) {}

  /** The field whose tag stands at `at`, in a message that ends at `limit`. Throws where it does not fit. */
  field(at: number, limit: number): Field {
    const tag = this.#varint(at, limit);
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    let start = tag.next;
    let end: number;
    if (wire === WIRE.varint) end = this.#varint(start, limit).next;
    else if (wire === WIRE.fixed64) end = start + 8;
    else if (wire === WIRE.fixed32) end = start + 4;
    else if (wire === WIRE.bytes) {
      const length = this.#varint(start, limit);
      start = length.next;
      end = start + length.value;
    } else throw damaged(`no field of a protocol buffer at byte ${at}`);
    if (end > limit || number === 0) throw damaged(`no whole field of a protocol buffer at byte ${at}`);
    return { number, wire, tag: at, start, end };
  }

  /** The whole number of a varint field, as the 64 bits of an `int64`; exact up to 2⁵³. */
  integer({ start, end }: Field): number {
    let value = 0n;
    for (let i = 0; start + i < end; i++) value |= BigInt(this.#byte(start + i) & 0x7f) << BigInt(7 * i);
    return Number(BigInt.asIntN(64, value));
  }

  /** Bytes of the file, from the window where it holds them. */
  bytes(start: number, end: number): Uint8Array {
    const from = start - this.#from;
    if (from >= 0 && end - this.#from <= this.#window.length) return this.#window.slice(from, end - this.#from);
    return this.file.read(start, end - start);
  }

  #varint(at: number, limit: number): { readonly value: number; readonly next: number } {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (at + i >= limit) break;
      const byte = this.#byte(at + i);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: at + i + 1 };
    }
    throw damaged(`no whole number of a protocol buffer at byte ${at}`);
  }

  #byte(at: number): number {
    let index = at - this.#from;
    if (index < 0 || index >= this.#window.length) {
      this.#window = this.file.read(at, Math.min(WINDOW, this.file.size - at));
      this.#from = at;
      index = 0;
    }
    return this.#window[index]!;
  }
}
