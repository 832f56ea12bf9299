import * as v from 'valibot';
import { damaged } from '../../failure.ts';

/**
 * A program of `torch.export` as its JSON says it (torch/_export/serde/schema.py), as far as it is read. An argument is an
 * object with one key that says its kind: `{"as_tensor": {"name": "x"}}`.
 */
const Argument = v.record(v.string(), v.unknown());
const Size = v.record(v.string(), v.unknown());

const ExportedNode = v.object({
  target: v.string(),
  inputs: v.array(v.object({ name: v.string(), arg: Argument })),
  outputs: v.array(Argument),
  metadata: v.optional(v.record(v.string(), v.unknown()), {}),
});

const TensorMeta = v.object({ dtype: v.number(), sizes: v.array(Size) });

const Program = v.object({
  graph_module: v.object({
    graph: v.object({
      nodes: v.array(ExportedNode),
      tensor_values: v.record(v.string(), v.unknown()),
      sym_int_values: v.optional(v.record(v.string(), v.unknown()), {}),
    }),
    signature: v.object({
      input_specs: v.array(v.record(v.string(), v.unknown())),
      output_specs: v.array(v.record(v.string(), v.unknown())),
    }),
  }),
});

const Stored = v.object({
  path_name: v.string(),
  use_pickle: v.optional(v.boolean(), false),
  tensor_meta: v.nullish(
    v.object({
      dtype: v.number(),
      sizes: v.array(Size),
      strides: v.array(Size),
      storage_offset: v.optional(Size, { as_int: 0 }),
    }),
  ),
});
const WeightsConfig = v.object({ config: v.record(v.string(), Stored) });

export type Argument = v.InferOutput<typeof Argument>;
export type ExportedNode = v.InferOutput<typeof ExportedNode>;
export type ExportedProgram = v.InferOutput<typeof Program>['graph_module'];
export type StoredTensor = v.InferOutput<typeof Stored>;
export type TensorMeta = v.InferOutput<typeof TensorMeta>;

function parse<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged(`its '${what}' is no JSON; export the model again`, error);
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? '';
  throw damaged(`its '${what}' is not what torch.export writes${path && `, at ${path}`}; export the model again`);
}

export const readProgram = (bytes: Uint8Array, what: string): ExportedProgram =>
  parse(Program, bytes, what).graph_module;

export const readWeightsConfig = (bytes: Uint8Array, what: string): Readonly<Record<string, StoredTensor>> =>
  parse(WeightsConfig, bytes, what).config;

export function readMeta(value: unknown, name: string): TensorMeta {
  const result = v.safeParse(TensorMeta, value);
  if (result.success) return result.output;
  throw damaged(`the tensor '${name}' has no type and sizes; export the model again`);
}

/** A size; of one that is open, what the example had. Undefined where nothing is said. */
export function sizeOf(size: Readonly<Record<string, unknown>>): number | undefined {
  const { hint } = Object(size['as_expr']) as { readonly hint?: unknown };
  const value = size['as_int'] ?? (Object(hint) as Record<string, unknown>)['as_int'];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

export const isOpen = (size: Readonly<Record<string, unknown>>): boolean => !('as_int' in size);
