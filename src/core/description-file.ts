import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { fileError } from './errors.ts';

/** Larger files are no descriptions and no lists of names. */
const MOST_BYTES = 8e6;

const oneOf = <const V extends string>(...values: V[]) =>
  v.picklist(values, `one of ${values.map((value) => `"${value}"`).join(', ')}`);
const text = v.pipe(v.string('a text'), v.minLength(1, 'a text that is not empty'));
const number = v.pipe(v.number('a number'), v.finite('a finite number'));
const nonZero = v.pipe(
  number,
  v.check((value) => value !== 0, 'a number other than 0'),
);
const perChannel = (item: typeof number | typeof nonZero) =>
  v.pipe(
    v.array(item, 'a list of numbers, one for each channel'),
    v.minLength(1, 'at least one number'),
    v.maxLength(4, 'at most four numbers'),
  );
const object = <E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, ({ expected }) =>
    expected === 'never' ? `no such name; the names are ${Object.keys(entries).join(', ')}` : 'an object { … }',
  );

const inputSchema = object({
  channels: v.optional(oneOf('RGB', 'BGR', 'grey')),
  scale: v.optional(nonZero),
  mean: v.optional(perChannel(number)),
  std: v.optional(perChannel(nonZero)),
  resize: v.optional(oneOf('squash', 'crop')),
});

const schema = object({
  $schema: v.optional(v.string('a text')),
  input: v.optional(inputSchema),
  labels: v.optional(v.union([text, v.array(v.string())], 'a file name or a list of names')),
  code: v.optional(v.array(text, 'a list of file names')),
  sampleImages: v.optional(text),
});

/** `NAME.layerscope.json` as it is written. */
export type DescriptionFile = v.InferOutput<typeof schema>;

/** Reads a description; undefined where there is none. Rejects with a file error that says the place and what may stand there. */
export async function readDescription(path: string): Promise<DescriptionFile | undefined> {
  const written = await readText(path);
  if (written === undefined) return undefined;
  const result = v.safeParse(schema, parseJson(path, written));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? 'the whole file';
  throw fileError(path, `${place}: ${issue.received} is not allowed here; expected ${issue.message}.`);
}

/**
 * Reads class names: JSON (a list, or Keras's `{"0": ["n01440764", "tench"], …}`), or a text with a name a line. Rejects with
 * a file error for anything else.
 */
export async function readLabels(path: string): Promise<readonly string[]> {
  const written = await readText(path);
  if (written === undefined) throw fileError(path, 'there is no such file; the class labels were expected in it.');
  if (!path.toLowerCase().endsWith('.json')) return written.trimEnd().split(/\r?\n/);
  const parsed = parseJson(path, written);
  if (v.is(v.array(v.string()), parsed)) return parsed;
  const index = v.record(
    v.pipe(v.string(), v.regex(/^\d+$/)),
    v.union([v.string(), v.tuple([v.string(), v.string()])]),
  );
  if (!v.is(index, parsed))
    throw fileError(path, 'no class labels; expected ["cat", "dog", …] or {"0": ["n01440764", "tench"], …}.');
  const labels: string[] = [];
  for (const [key, name] of Object.entries(parsed)) {
    if (Number(key) >= 1e6) throw fileError(path, `${key} is no class number.`);
    labels[Number(key)] = (typeof name === 'string' ? name : name[1]).replaceAll('_', ' ');
  }
  return Array.from(labels, (name, i) => name ?? `class ${i}`);
}

function parseJson(path: string, written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    throw fileError(path, `it is not JSON: ${(error as Error).message.split('\n')[0]}.`, error);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw fileError(path, `its ${size} bytes are more than the ${MOST_BYTES} that are read.`);
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw fileError(path, code === 'EISDIR' ? 'it is a folder.' : `it can't be read (${code}).`, error);
  }
}
