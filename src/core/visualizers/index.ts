import type { MethodSummary } from '../summaries.ts';
import { activations } from './activations.ts';
import { architecture } from './architecture.ts';
import { ATTRIBUTIONS } from './attributions.ts';
import { findIn } from './find.ts';
import { filters } from './filters.ts';
import { localisation } from './localisation.ts';
import { predictions } from './predictions.ts';
import { FROM_IMAGES, RECIPES } from './recipes.ts';
import { relationTable } from './relation-table.ts';
import { trust } from './trust.ts';
import { questionOf, type Visualizer } from './visualizer.ts';

/** Every method, in the order in which they are listed. */
export const VISUALIZERS: readonly Visualizer[] = [
  filters,
  activations,
  predictions,
  architecture,
  ...ATTRIBUTIONS,
  localisation,
  trust,
  relationTable,
  ...RECIPES,
  ...FROM_IMAGES,
];

/** The method of that name. Throws a usage error that lists the nearest names. */
export const findVisualizer = (id: string): Visualizer => findIn(VISUALIZERS, id);

/** A method's declaration without its code: plain data. */
export const describeMethod = (method: Visualizer): MethodSummary => {
  const { id, title, description, source, needs, params, presets = [], perUnit = [], measures } = method;
  const attribution = ATTRIBUTIONS.includes(method);
  const recipe = RECIPES.includes(method) || FROM_IMAGES.includes(method);
  const question = questionOf(method);
  const summary = { id, title, description, source, question, attribution, recipe, needs, params, presets, perUnit };
  return measures === undefined ? summary : { ...summary, measures };
};
