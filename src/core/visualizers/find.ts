import { usageError } from '../errors.ts';
import { nearest, quoted } from '../nearest.ts';
import type { Visualizer } from './visualizer.ts';

/** The method of that name among some. Throws a usage error that lists the nearest names. */
export function findIn(visualizers: readonly Visualizer[], id: string): Visualizer {
  const found = visualizers.find((visualizer) => visualizer.id === id);
  if (found) return found;
  const ids = visualizers.map((visualizer) => visualizer.id);
  throw usageError(`There is no method '${id}'. The nearest: ${quoted(nearest(id, ids))}.`);
}
