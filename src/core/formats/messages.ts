import protobuf from 'protobufjs/light.js';

/** A part of a `.proto` file: { message: { field: [number, type] } }; a list's type ends in `[]`, or in `[packed]`. */
export type Messages = Readonly<Record<string, Readonly<Record<string, readonly [id: number, type: string]>>>>;

/** The messages as types that protobufjs reads and writes. A map is a list of entries `{ key, value }`. */
export function messageTypes(messages: Messages): protobuf.Root {
  return protobuf.Root.fromJSON({
    nested: Object.fromEntries(
      Object.entries(messages).map(([message, fields]) => [
        message,
        { fields: Object.fromEntries(Object.entries(fields).map(([name, [id, type]]) => [name, field(id, type)])) },
      ]),
    ),
  });
}

function field(id: number, type: string) {
  const [base, list] = type.split('[');
  return { id, type: base!, ...(list && { rule: 'repeated', options: { packed: list === 'packed]' } }) };
}

/** A 64-bit number as protobufjs gives it. */
export type Int64 = number | { toNumber(): number };

export const toNumber = (value: Int64 | undefined): number =>
  value === undefined ? 0 : typeof value === 'number' ? value : value.toNumber();
