import { requireClasses } from '../classes.ts';
import { usageError } from '../errors.ts';
import { prune } from '../graph/passes.ts';
import type { ModelInput } from '../model.ts';
import { scoreTensor } from '../scores.ts';
import type { Context } from '../visualizers/visualizer.ts';

/** The classes that are asked for: units of the output's layer, one class, or `count` spread evenly over all. */
export function askedClasses(context: Context, count: number): readonly number[] {
  const { session, output, units } = context;
  if (units) {
    const { name, output: tensor } = context.layer;
    if ([output, scoreTensor(session.model, output)].includes(tensor)) return units.map(({ channel }) => channel);
    const own = session.model.layers.findLast((layer) => layer.output === output)?.name ?? output;
    throw usageError(
      `fooling is about classes, layer '${name}' has none: give --target K, or --layer ${own} and --unit.`,
    );
  }
  // Without an image there is no predicted class to fall back to.
  const target = context.target as number | undefined;
  if (target !== undefined) return [target];
  const all = requireClasses(session, output);
  const shown = Math.min(count, all);
  return Array.from({ length: shown }, (_, n) => Math.floor((n * all) / shown));
}

/** The input that the classes depend on. Throws a usage error where they depend on several. */
export function classifiedInput({ session: { model }, output }: Context): ModelInput {
  const seen = prune(model.graph, [output]).inputs;
  const input = model.inputs.find(({ name }) => name === seen[0]?.name);
  if (input && seen.length === 1) return input;
  throw usageError(`The classes depend on ${seen.length} inputs; this method draws one picture only.`);
}
