/** Where the packed values of a blob stand in the file. */
export interface Values {
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

export type Value = number | string | boolean | Message | Values;

/** A message of Caffe's protocol, read from text or bytes: the values of each field in their order. */
export class Message {
  readonly #fields = new Map<string, Value[]>();

  add(name: string, value: Value): void {
    const values = this.#fields.get(name);
    if (values) values.push(value);
    else this.#fields.set(name, [value]);
  }

  /** The same fields but for some. */
  with(changes: Readonly<Record<string, readonly Value[]>>): Message {
    const copy = new Message();
    for (const [name, values] of this.#fields) copy.#fields.set(name, values);
    for (const [name, values] of Object.entries(changes)) copy.#fields.set(name, [...values]);
    return copy;
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  all(name: string): readonly Value[] {
    return this.#fields.get(name) ?? [];
  }

  numbers(name: string): number[] {
    return this.all(name).filter((value) => typeof value === 'number');
  }

  number(name: string, fallback: number): number {
    return this.numbers(name).at(-1) ?? fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    return this.all(name).findLast((value) => typeof value === 'boolean') ?? fallback;
  }

  /** Strings and the names of enumerated values. */
  texts(name: string): string[] {
    return this.all(name).filter((value) => typeof value === 'string');
  }

  text(name: string, fallback: string): string {
    return this.texts(name).at(-1) ?? fallback;
  }

  messages(name: string): Message[] {
    return this.all(name).filter((value) => value instanceof Message);
  }

  /** The message in a field; an empty one where there is none. */
  message(name: string): Message {
    return this.messages(name).at(-1) ?? new Message();
  }
}
