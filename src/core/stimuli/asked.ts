import { usageError } from '../errors.ts';
import type { Layer } from '../model.ts';
import type { Context } from '../visualizers/visualizer.ts';
import type { StimulusContext } from './plan.ts';

/** What recipes work on that take a class as well as units of a layer. */
export const CLASS_OR_UNITS = ['class', 'layer?', 'unit?', 'image?', 'style?'] as const;

/** The units that are asked for, or the whole layer; a class is a unit of the output. Throws a usage error where none is named. */
export function classOrUnits(context: Context, method: string): StimulusContext {
  // A layer need not be named.
  if ((context.layer as Layer | undefined) || context.units) return context;
  // Without an image there is no predicted class to fall back to.
  const target = context.target as number | undefined;
  if (target === undefined)
    throw usageError(
      `${method} needs a class or a unit: give --target K (number or label), or --layer NAME and --unit C.`,
    );
  return { ...context, layer: outputLayer(context), units: [{ channel: target }] };
}

/** The layer that classifies. */
export function outputLayer({ session: { model }, output }: Pick<Context, 'session' | 'output'>): Layer {
  const found = model.layers.findLast((layer) => layer.output === output);
  return found ?? { name: output, kind: 'Output', output, before: output, after: output, nodes: [], weights: [] };
}
