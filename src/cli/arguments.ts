import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { usageError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** Reads a command's arguments as `parseArgs` does; what it refuses becomes a usage error with the nearest option. */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  expected: readonly string[] = [],
) {
  const parsed = parse(args, options);
  const { positionals } = parsed;
  const asksHelp = (parsed.values as { help?: boolean }).help === true;
  if (positionals.length > expected.length)
    throw usageError(`'${positionals[expected.length]}' is one argument too many; see --help.`);
  if (positionals.length < expected.length && !asksHelp)
    throw usageError(`${expected[positionals.length]} is missing; see --help.`);
  return parsed;
}

function parse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const unknown = /^Unknown option '(-[^']*)'/.exec(error.message)?.[1];
    if (unknown === undefined) throw usageError(withoutValue(error.message));
    const names = Object.keys(options).map((name) => `--${name}`);
    throw usageError(`There is no option '${unknown}'. The nearest: '${nearest(unknown, names, 1)[0]}'; see --help.`);
  }
}

/** `parseArgs` of an option whose value is left out, or begins with a dash; else what it says, in one line. */
function withoutValue(message: string): string {
  const dashed = /^Option '(-[^']*)' argument is ambiguous/.exec(message)?.[1]?.replace(/^-\w, /, '');
  if (dashed === undefined) return message.split('\n')[0]!;
  return `${dashed} needs a value; one that begins with a dash is written as ${dashed}=-1. See --help.`;
}

/** `name=value` options as an object. */
export function assignments(option: string, given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw usageError(`${option} '${text}' is not name=value.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
