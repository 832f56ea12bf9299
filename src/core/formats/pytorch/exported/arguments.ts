import { damaged } from '../../failure.ts';
import type { AtenValue } from '../aten/values.ts';
import type { Argument } from './program.ts';

/** What a name of the program stands for; throws for one that nothing has made. */
export type Lookup = (name: string) => AtenValue;

/** Kinds whose value is a plain number, text or truth, or a list of them. */
const PLAIN = new Set([
  ...['as_int', 'as_ints', 'as_float', 'as_floats', 'as_bool', 'as_bools', 'as_string', 'as_strings'],
  ...['as_scalar_type', 'as_memory_format', 'as_layout'],
]);

/** An argument as the program writes it; what has no meaning here (devices, graphs) is nothing. */
export function readArgument(argument: Argument, lookup: Lookup): AtenValue {
  const [kind, value] = Object.entries(argument)[0] ?? [];
  if (kind === undefined || kind === 'as_none') return null;
  if (PLAIN.has(kind)) return plain(value);
  switch (kind) {
    case 'as_tensor':
      return lookup(nameOf(value));
    case 'as_tensors':
      return listOf(value).map((one) => lookup(nameOf(one)));
    case 'as_optional_tensor':
    case 'as_sym_int':
    case 'as_sym_float':
    case 'as_sym_bool':
      return inner(value, lookup);
    case 'as_optional_tensors':
    case 'as_sym_ints':
    case 'as_sym_floats':
    case 'as_sym_bools':
    case 'as_nested_tensors':
      return listOf(value).map((one) => inner(one, lookup));
    default:
      return null;
  }
}

/** The names that an output is given: one, several of a list, none for what has no meaning here. */
export function outputNames(output: Argument): string[] | string | undefined {
  const [kind, value] = Object.entries(output)[0] ?? [];
  if (kind === 'as_tensor') return nameOf(value);
  if (kind === 'as_tensors') return listOf(value).map(nameOf);
  if (kind === 'as_sym_int' || kind === 'as_sym_float' || kind === 'as_sym_bool') return nameOf(value);
  return undefined;
}

function inner(value: unknown, lookup: Lookup): AtenValue {
  const { as_name: name } = Object(value) as { readonly as_name?: unknown };
  return typeof name === 'string' ? lookup(name) : readArgument(Object(value) as Argument, lookup);
}

export function nameOf(value: unknown): string {
  const { name, as_name: symbol } = Object(value) as { readonly name?: unknown; readonly as_name?: unknown };
  const found = name ?? symbol;
  if (typeof found === 'string') return found;
  throw damaged('a tensor in the program has no name; export the model again');
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function plain(value: unknown): AtenValue {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(plain) : null;
}
