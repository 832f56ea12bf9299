import type { MethodSummary, Preset } from '../../protocol/worker.ts';
import { defaultsOf } from './methods.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the form says of all that a method has when nothing is changed. */
export const DEFAULT = 'Default';

/** All values of a preset; without one, the defaults. */
export const presetValues = (method: MethodSummary, preset?: Preset): Record<string, unknown> => ({
  ...defaultsOf(method),
  ...preset?.params,
});

/** The presets of a method, the defaults first. */
export const presetNames = ({ presets }: MethodSummary): string[] => [DEFAULT, ...presets.map(({ name }) => name)];

/** The preset that a form is at: the one that was chosen, until then the one to begin with; undefined: the defaults. */
export const presetAt = ({ presets }: MethodSummary, chosen: string | undefined): Preset | undefined =>
  presets.find(({ name, first }) => (chosen === undefined ? first : name === chosen));

/** What a form begins with. */
export const firstValues = (method: MethodSummary) => presetValues(method, presetAt(method, undefined));

/** The preset with exactly these values; undefined where there is none. */
export function presetOf(method: MethodSummary, values: Values): string | undefined {
  const equal = (preset?: Preset) => changedFrom(presetValues(method, preset), values).length === 0;
  return equal() ? DEFAULT : method.presets.find(equal)?.name;
}

/** More changes than these make it another thing. */
const NEAR = 2;

/** The preset that least is changed of, as long as that is little; undefined: the defaults. */
export function nearestPreset(method: MethodSummary, values: Values): Preset | undefined {
  const far = (preset?: Preset) => changedFrom(presetValues(method, preset), values).length;
  return method.presets
    .filter((one) => far(one) <= NEAR)
    .reduce<Preset | undefined>((best, one) => (far(one) < far(best) ? one : best), undefined);
}

/** The parameters whose values are not those of a preset. */
export const changedFrom = (preset: Values, values: Values): string[] =>
  Object.keys(preset).filter((name) => preset[name] !== (values[name] ?? preset[name]));
