import { usageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { methodIn } from './method-name.ts';
import { namesIn, type LevelParameter, type NumberParameter, type Parameter, type Parameters } from './parameters.ts';

type Value = string | number | boolean;

/** `steps = 1 to 2048, default 512`: what a parameter allows, for messages and help. */
export function showParameter(name: string, parameter: Parameter): string {
  const unit = parameter.unit ? ` ${parameter.unit}` : '';
  if (parameter.type === 'choice')
    return `${name} = ${parameter.values.join(' | ')}${parameter.options ? ', with its options as NAME,option=value' : ''}`;
  if (parameter.type === 'boolean') return `${name} = true | false`;
  if (parameter.type === 'level') return `${name} = ${parameter.values.join(' | ')} | a number`;
  if (parameter.type === 'list') return `${name} = one or more of ${parameter.values.join(',')}`;
  if (parameter.type === 'numbers') return `${name} = numbers, as 1,-0.5`;
  if (parameter.type === 'layers') return `${name} = names of layers, as a,b`;
  const whole = parameter.type === 'integer' ? ', whole' : '';
  return `${name} = ${parameter.min} to ${parameter.max}${unit}${whole}`;
}

/**
 * Every parameter's value: the given ones checked, the others their default. Strings are read as the type says.
 * Throws a usage error that lists what is allowed.
 */
export function parameterValues(
  method: string,
  parameters: Parameters,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, Value> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameters, name)) throw usageError(unknownParameter(method, parameters, name));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const value = given[name];
      return [name, value === undefined ? parameter.default : read(method, name, parameter, value)];
    }),
  );
}

function unknownParameter(method: string, parameters: Parameters, name: string): string {
  const names = Object.keys(parameters);
  if (names.length === 0) return `${method} has no parameters: there is no '${name}'.`;
  const [like] = nearest(name, names);
  const allowed = Object.entries(parameters).map(([known, parameter]) => showParameter(known, parameter));
  return `${method} has no parameter '${name}'. The nearest is '${like}'. It takes: ${allowed.join('; ')}.`;
}

function read(method: string, name: string, parameter: Parameter, value: unknown): Value {
  const wrong = () =>
    usageError(`${method}: '${String(value)}' is not allowed for ${name}. Allowed: ${showParameter(name, parameter)}.`);
  switch (parameter.type) {
    case 'choice':
      if (typeof value !== 'string' || !parameter.values.includes(parameter.options ? methodIn(value) : value))
        throw wrong();
      return value;
    case 'boolean':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw wrong();
    case 'list': {
      const chosen = String(value)
        .split(',')
        .map((one) => one.trim());
      if (chosen.some((one) => !parameter.values.includes(one))) throw wrong();
      return parameter.values.filter((one) => chosen.includes(one)).join(',');
    }
    case 'numbers': {
      const parts = String(value).trim() === '' ? [] : String(value).split(',');
      if (parts.some((one) => one.trim() === '' || !Number.isFinite(Number(one)))) throw wrong();
      return parts.map(Number).join(',');
    }
    case 'layers':
      if (typeof value !== 'string') throw wrong();
      return namesIn(value.replaceAll(/\s*,\s*/g, ',').trim()).join(',');
    case 'level':
    case 'integer':
    case 'number': {
      if (parameter.type === 'level' && parameter.values.includes(String(value))) return String(value);
      const number = within(parameter, value);
      if (number === undefined) throw wrong();
      return number;
    }
  }
}

/** A value as a number, where it is one that the parameter takes. */
function within({ type, min, max }: NumberParameter | LevelParameter, value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= min && number <= max)) return undefined;
  return type === 'integer' && !Number.isInteger(number) ? undefined : number;
}
