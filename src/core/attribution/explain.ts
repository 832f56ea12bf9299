import { cancelledError, checkCancelled, usageError } from '../errors.ts';
import type { HeatmapResult } from '../results.ts';
import { parameterValues } from '../visualizers/values.ts';
import type { Context, Update, Visualizer } from '../visualizers/visualizer.ts';

/**
 * What another attribution method says of the same question, with its own defaults where `params` say nothing: yields how far it is,
 * returns its result.
 * Throws a usage error where it can't answer the question, a cancelled error when cancelled before its end.
 */
export async function* explain(
  context: Context,
  method: Visualizer,
  params: Readonly<Record<string, unknown>> = {},
): AsyncGenerator<Pick<Update, 'done' | 'total'>, HeatmapResult, void> {
  if (context.units && !method.needs.includes('unit?'))
    throw usageError(
      `${method.id} explains classes, not units: leave --layer and --unit out, or choose another method.`,
    );
  let last: Update | undefined;
  const values = parameterValues(method.id, method.params, params);
  for await (const update of method.run({ ...context, params: values, unread: true })) {
    last = update.result ? update : last;
    yield { done: update.done, total: update.total };
  }
  checkCancelled(context.signal);
  if (!last || last.done < last.total) throw cancelledError();
  if (last.result?.kind !== 'heatmap') throw usageError(`${method.id} gives no map.`);
  return last.result;
}

/** The same without its progress. */
export async function explanation(...asked: Parameters<typeof explain>): Promise<HeatmapResult> {
  const steps = explain(...asked);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}
