import { usageError } from '../errors.ts';
import { nearest, quoted } from '../nearest.ts';
import type { MethodSummary } from '../summaries.ts';
import { activationMaximisation } from './activation-maximisation.ts';
import { activations } from './activations.ts';
import { filters } from './filters.ts';
import { predictions } from './predictions.ts';
import { saliency } from './saliency.ts';
import { questionOf, type Visualizer } from './visualizer.ts';

/** Every method, in the order in which they are listed. */
export const VISUALIZERS: readonly Visualizer[] = [filters, activations, predictions, saliency, activationMaximisation];

/** The method of that name. Throws a usage error that lists the nearest names. */
export function findVisualizer(id: string): Visualizer {
  const found = VISUALIZERS.find((visualizer) => visualizer.id === id);
  if (found) return found;
  const ids = VISUALIZERS.map((visualizer) => visualizer.id);
  throw usageError(`There is no method '${id}'. The nearest: ${quoted(nearest(id, ids))}.`);
}

/** A method's declaration without its code: plain data. */
export const describeMethod = (method: Visualizer): MethodSummary => {
  const { id, title, description, source, needs, params } = method;
  return { id, title, description, source, question: questionOf(method), needs, params };
};
