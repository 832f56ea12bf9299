import { zipSync, type Zippable } from 'fflate';

/** A tensor for a `.safetensors` file. */
export interface SafeTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The bytes of a `.safetensors` file; values default to a ramp as long as the last offset. */
export function safetensors(
  tensors: Readonly<Record<string, SafeTensor | Readonly<Record<string, unknown>>>>,
  values?: Uint8Array,
): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(tensors));
  const ends = Object.values(tensors).map((one) => ('data_offsets' in one ? (one.data_offsets as number[])[1]! : 0));
  const data = values ?? Uint8Array.from({ length: Math.max(0, ...ends) }, (_, i) => (i % 4 === 3 ? 0x3f : i % 100));
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

/** A zip archive as PyTorch writes it: nothing is compressed. */
export function archive(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const plain: Zippable = {};
  for (const [name, content] of Object.entries(files))
    plain[`net/${name}`] = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return zipSync(plain, { level: 0 });
}

/** Bytes of a pickle: protocol 2, the opcodes given (texts as they are, numbers as bytes), and the end. */
export function pickle(...opcodes: readonly (string | number | Uint8Array)[]): Uint8Array {
  const parts = [0x80, 2, ...opcodes, '.'].map((part) =>
    typeof part === 'string' ? new TextEncoder().encode(part) : typeof part === 'number' ? Uint8Array.of(part) : part,
  );
  const bytes = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** `BINUNICODE` of a text. */
export function text(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  const bytes = new Uint8Array(5 + encoded.length);
  bytes[0] = 0x58;
  new DataView(bytes.buffer).setUint32(1, encoded.length, true);
  bytes.set(encoded, 5);
  return bytes;
}

/** `BININT` of a whole number. */
export function int(value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 0x4a;
  new DataView(bytes.buffer).setInt32(1, value, true);
  return bytes;
}

/** A global: a class or function by its name. */
export const global = (module: string, name: string): string => `c${module}\n${name}\n`;

export interface View {
  readonly type?: string;
  readonly key?: string;
  readonly count: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The opcodes of a tensor. */
export function tensor({ type = 'FloatStorage', key = '0', count, offset = 0, shape, strides }: View) {
  const tuple = (values: readonly number[]) => ['(', ...values.map(int), 't'];
  return [
    global('torch._utils', '_rebuild_tensor_v2'),
    ...['((', text('storage'), global('torch', type), text(key), text('cpu'), int(count), 'tQ', int(offset)],
    ...[...tuple(shape), ...tuple(strides), 0x89, global('collections', 'OrderedDict'), ')R', 'tR'],
  ] as const;
}

/** A state dict with one weight, in an archive with its values. */
export function stateDict(view: View, values = new Float32Array(view.count)): Uint8Array {
  const data = pickle('}', text('conv.weight'), ...tensor(view), 's');
  return archive({ 'data.pkl': data, 'data/0': new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
}
