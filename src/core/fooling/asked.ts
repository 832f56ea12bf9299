import { findClass, requireClasses } from '../classes.ts';
import { usageError } from '../errors.ts';
import { prune } from '../graph/passes.ts';
import type { ModelInput } from '../model.ts';
import { pictureSize } from '../optimization/picture-size.ts';
import { scoreTensor } from '../scores.ts';
import { outputLayer } from '../stimuli/asked.ts';
import { frameOf } from '../stimuli/frame.ts';
import type { Frame } from '../stimuli/recipe.ts';
import type { Context } from '../visualizers/visualizer.ts';

/** The classes that a run is about. */
export interface Asked {
  /** Those that pictures are found for. */
  readonly classes: readonly number[];
  /** How many are shown: those of which the network is surest. */
  readonly shown: number;
}

/** Units of the output's layer, those in `named` (`0,17`), one class, or all, of which `count` are shown. Throws usage errors. */
export function askedClasses(context: Context, { named, count }: { named: string; count: number }): Asked {
  const { session, output, units } = context;
  const all = requireClasses(session, output);
  const exactly = (classes: readonly number[]): Asked => ({ classes, shown: classes.length });
  if (units) {
    const { name, output: tensor } = context.layer;
    if ([output, scoreTensor(session.model, output)].includes(tensor))
      return exactly(units.map(({ channel }) => channel));
    const own = outputLayer(context).name;
    throw usageError(`fooling is about classes, and layer '${name}' has none: give --layer ${own}, or --target K.`);
  }
  const { labels } = session.description;
  if (named !== '') return exactly([...new Set(named.split(',').map((one) => findClass(Number(one), all, labels)))]);
  // Without an image there is no predicted class to fall back to.
  const target = context.target as number | undefined;
  if (target !== undefined) return exactly([target]);
  return { classes: Array.from({ length: all }, (_, index) => index), shown: Math.min(count, all) };
}

/** The input that the classes depend on. Throws a usage error where they depend on several. */
export function classifiedInput({ session: { model }, output }: Context): ModelInput {
  const seen = prune(model.graph, [output]).inputs;
  const input = model.inputs.find(({ name }) => name === seen[0]?.name);
  if (input && seen.length === 1) return input;
  throw usageError(`The classes depend on ${seen.length} inputs; this method draws one picture only.`);
}

/**
 * Pictures of `wanted` pixels' side; at 0 of the network's own size. Throws a usage error where the network takes no other, or none at all.
 */
export function askedFrame({ session, output }: Context, input: ModelInput, wanted: number): Frame {
  const own = frameOf(session, input);
  const { model, shapes } = session;
  const tensor = scoreTensor(model, output);
  const question = { graph: model.graph, shapes, input: input.name, tensor };
  const { size } = pictureSize({ ...question, wanted: wanted || own.size });
  return { ...own, size, area: size[0] * size[1] };
}
