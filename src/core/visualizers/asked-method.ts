import { explain } from '../attribution/explain.ts';
import type { HeatmapResult } from '../results.ts';
import { ATTRIBUTIONS } from './attributions.ts';
import { findIn } from './find.ts';
import { oneOf, type MethodParameter, type Parameters, type ValuesOf } from './parameters.ts';
import { parameterValues } from './values.ts';
import type { Context, Update, Visualizer } from './visualizer.ts';

/** An attribution method with the values of its parameters. */
export interface AskedMethod {
  readonly method: Visualizer;
  readonly params: ValuesOf<Parameters>;
}

/** A parameter that names an attribution method, perhaps with options of that: `occlusion,window=16,stride=8`. */
export const attributionMethod = (help: string, label: string): MethodParameter => ({
  ...oneOf(ATTRIBUTIONS.map(({ id }) => id) as [string, ...string[]], help, label),
  options: true,
});

/** What such a parameter's value asks for. Throws a usage error for a method or an option that there is not. */
export function askedMethod(text: string): AskedMethod {
  const [id, ...options] = text.split(',') as [string, ...string[]];
  const method = findIn(ATTRIBUTIONS, id);
  const given = options.map((option) => {
    const [name, ...value] = option.split('=') as [string, ...string[]];
    return [name.trim(), value.join('=').trim()] as const;
  });
  return { method, params: parameterValues(method.id, method.params, Object.fromEntries(given)) };
}

/** The map that such a parameter asks for: the one that is known, else a new one, as `explain` has it. */
export async function* askedMap(
  context: Context,
  text: string,
): AsyncGenerator<Pick<Update, 'done' | 'total'>, HeatmapResult, void> {
  const { method, params } = askedMethod(text);
  return context.known?.get(text) ?? (yield* explain(context, method, params));
}
