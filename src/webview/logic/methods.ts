import type { UnknownOperator } from '../../core/model.ts';
import type { LayerSummary, MethodSummary, ModelSummary } from '../../protocol/worker.ts';
import { takesUnits } from './recipes.ts';

export const PREFERRED = 'activation-maximisation';
export const ACTIVATIONS = 'activations';
export const FILTERS = 'filters';
/** What tells whether a map can be believed. */
export const TRUST = 'trust';
/** The tab that shows what several methods say of one image. */
export const COMPARE = 'compare';

/** A tab: the methods that answer one question. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly methods: readonly MethodSummary[];
}

/** The methods by the question that they answer, both in the order in which they are listed. */
export function questionsOf(methods: readonly MethodSummary[]): Question[] {
  const titles = [...new Set(methods.map(({ question }) => question))];
  return titles.map((title) => ({
    id: title.toLowerCase().replace(/\W+/g, '-'),
    title,
    methods: methods.filter(({ question }) => question === title),
  }));
}

/** The methods that a layer can have a tab for: of a model that can't run, filters alone. What works on the whole network alone (predictions) is in the head. */
export function tabsFor(
  methods: readonly MethodSummary[],
  layer: LayerSummary,
  { missing }: Pick<ModelSummary, 'missing'>,
): MethodSummary[] {
  return methods.filter(({ id, needs }) => {
    if (missing !== undefined && id !== FILTERS) return false;
    if (needs.includes('class')) return true;
    if (!needs.includes('layer') && !needs.includes('layer?')) return false;
    return id !== FILTERS || layer.hasFilters;
  });
}

/** The method that a message of another one names: what to use instead. */
export const namedIn = (
  message: string,
  methods: readonly MethodSummary[],
  { id }: MethodSummary,
): MethodSummary | undefined =>
  methods
    .filter((other) => other.id !== id && message.includes(other.title))
    .sort((a, b) => b.title.length - a.title.length)[0];

/** Why a method can't run now, with what to do about it; undefined when it can. */
export function obstacle(
  method: MethodSummary,
  layer: LayerSummary,
  image: { readonly chosen: boolean; readonly taken: boolean; readonly unreadable?: boolean },
  unknown: readonly UnknownOperator[],
): { readonly reason: string; readonly needsImage: boolean } | undefined {
  const needsLayer = method.needs.includes('layer') || takesUnits(method);
  if (needsLayer && method.id !== FILTERS && !layer.runnable) {
    const names = unknown.map(({ op, node }) => `${op} (${node})`).join(', ');
    const reason = names
      ? `${layer.name} depends on ${names}, which Layerscope does not know, so it can’t be run.`
      : `${layer.name} does not keep images apart on its first axis: choose a layer before or after it.`;
    return { reason, needsImage: false };
  }
  if (method.needs.includes('image') && !image.taken)
    return { reason: 'This needs an image, which the network does not take here.', needsImage: false };
  if (method.needs.includes('image') && !image.chosen)
    return { reason: 'Choose an image to see this.', needsImage: true };
  if (method.needs.includes('image') && image.unreadable)
    return { reason: 'Choose another image to see this.', needsImage: true };
  return undefined;
}

/** How often the network runs for a result, as far as the parameters tell: what is quick comes first where several wait. */
export function passesOf({ params }: MethodSummary): number {
  if ('window' in params) return 200;
  return Math.max(1, ...['steps', 'samples'].map((name) => Number(params[name]?.default ?? 1)));
}

export const defaultsOf = (method: MethodSummary): Record<string, unknown> =>
  Object.fromEntries(Object.entries(method.params).map(([name, parameter]) => [name, parameter.default]));

/** Only what differs from the defaults: so a command line stays short. */
export function changedValues(
  method: MethodSummary,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => name in method.params && value !== method.params[name]!.default),
  );
}

/** What the user typed, within the parameter's range; undefined when it is not a number. */
export function numberWithin(
  text: string,
  parameter: { readonly type: string; readonly min: number; readonly max: number },
): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(value)) return undefined;
  const inside = Math.min(parameter.max, Math.max(parameter.min, value));
  return parameter.type === 'integer' ? Math.round(inside) : inside;
}

/** A list's value `a,b` with one of its members chosen or not; the last one stays. */
export function withMember(value: string, all: readonly string[], member: string, chosen: boolean): string {
  const members = value.split(',').filter((one) => one !== member);
  if (chosen || members.length === 0) members.push(member);
  return all.filter((one) => members.includes(one)).join(',');
}
