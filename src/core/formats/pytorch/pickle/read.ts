import { damaged } from '../../failure.ts';
import { call } from './calls.ts';
import { OPCODES } from './opcodes.ts';
import { Dict, Global, Instance, itemsOf, Tuple, type Value } from './values.ts';

/** What a persistent id stands for: in PyTorch's files, a storage. */
export type Persistent = (id: Value) => Value;

/**
 * Reads pickles without running anything of them: an allow-list of opcodes (protocols 2 to 5), and of calls (`calls.ts`).
 * Throws file errors; each opcode takes constant time and memory, so no pickle is larger than its bytes.
 */
export class PickleReader {
  readonly #view: DataView;
  readonly #text = new TextDecoder();
  #stack: Value[] = [];
  readonly #marks: Value[][] = [];
  #memo = new Map<number, Value>();

  /** `what`: what the pickle is called in messages. */
  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
    readonly persistent: Persistent,
    public at = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next pickle. */
  read(): Value {
    this.#stack = [];
    this.#marks.length = 0;
    this.#memo = new Map();
    for (;;) {
      const start = this.at;
      const code = this.bytes[this.at++];
      if (code === undefined) throw this.#cut();
      if (code === STOP) return this.pop();
      const opcode = OPCODES.get(code);
      if (!opcode)
        throw this.#damage(`has the opcode 0x${code.toString(16)} at ${start}, which a file of weights never has`);
      opcode(this);
    }
  }

  push(value: Value): void {
    this.#stack.push(value);
  }

  pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw this.#damage(`takes more than it has at ${this.at}`);
    return value;
  }

  get top(): Value {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.#damage(`takes more than it has at ${this.at}`);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack);
    this.#stack = [];
  }

  /** All since the last mark. */
  marked(): Value[] {
    const items = this.#stack;
    const before = this.#marks.pop();
    if (!before) throw this.#damage(`has no mark at ${this.at}`);
    this.#stack = before;
    return items;
  }

  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.top);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#damage(`refers to an object ${index} that it has not made`);
    this.push(value);
  }

  number(length: number, read: (view: DataView, at: number) => number | bigint): number {
    const at = this.#skip(length);
    return Number(read(this.#view, at));
  }

  take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.bytes.subarray(at, at + length);
  }

  text(length: number): string {
    return this.#text.decode(this.take(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.#cut();
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  append(items: readonly Value[]): void {
    const list = this.top;
    if (Array.isArray(list)) for (const item of items) list.push(item);
    else if (!(list instanceof Instance)) throw this.#damage(`appends to what is no list at ${this.at}`);
  }

  setItems(items: readonly Value[]): void {
    const dict = this.top;
    if (items.length % 2 === 1) throw this.#damage(`has a key without a value at ${this.at}`);
    if (dict instanceof Dict) for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i]!, items[i + 1]!);
    else if (!(dict instanceof Instance)) throw this.#damage(`sets keys of what is no dictionary at ${this.at}`);
  }

  /** An object of a class, as `__new__` would make it. */
  make(type: Value, args: Value): void {
    if (!(type instanceof Global)) throw this.#damage(`makes an object of what is no class at ${this.at}`);
    this.push(type.name === 'collections.OrderedDict' ? new Dict() : new Instance(type.name, args));
  }

  reduce(): void {
    const args = this.pop();
    this.push(call(this.pop(), itemsOf(args)));
  }

  /** State of an object; of others (an OrderedDict's `_metadata`) it changes nothing that is shown. */
  build(): void {
    const state = this.pop();
    const object = this.top;
    if (object instanceof Instance) object.state = state;
  }

  tuple(length: number): void {
    this.push(new Tuple(Array.from({ length }, () => this.pop()).reverse()));
  }

  #skip(length: number): number {
    const at = this.at;
    if (!(length >= 0) || at + length > this.bytes.length) throw this.#cut();
    this.at += length;
    return at;
  }

  #cut = () => this.#damage('ends early');
  #damage = (how: string) => damaged(`${this.what} ${how}; the file is damaged: copy or save it again`);
}

const STOP = 0x2e;
