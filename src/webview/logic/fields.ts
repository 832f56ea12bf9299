import type { NumberParameter, Parameter } from '../../core/visualizers/parameters.ts';
import { numberWithin } from './methods.ts';

const capital = (text: string): string => text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());

/** What a form calls a name, of a parameter or of one of its values. */
export const titleOf = (name: string): string => capital(name.replaceAll('-', ' '));

/** What a form calls a parameter. */
export const labelOf = (name: string, { label }: Parameter): string => label ?? titleOf(name);

/** A value in words: what 0 stands for in place of it, where it stands for something. */
export const valueText = (value: unknown, parameter: Parameter): string =>
  'zero' in parameter && parameter.zero !== undefined && value === 0 ? parameter.zero : String(value);

/** What stands in a number's field: nothing for a 0 that stands for something, which its placeholder then says. */
export const numberText = (value: unknown, { zero }: NumberParameter): string =>
  zero !== undefined && value === 0 ? '' : String(value);

/** What has been typed into it; undefined where it is no number. */
export function numberTyped(text: string, parameter: NumberParameter): number | undefined {
  const isZero = parameter.zero !== undefined && ['', parameter.zero].includes(text.trim().toLowerCase());
  return isZero ? 0 : numberWithin(text, parameter);
}

/** What a screen reader says of a number's field. */
export function numberLabel(name: string, parameter: NumberParameter): string {
  const { min, max, unit, zero } = parameter;
  const range = `${labelOf(name, parameter)}, ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;
  return zero === undefined ? range : `${range}; empty: ${zero}`;
}
