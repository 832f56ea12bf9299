import { labelOf } from '../classes.ts';
import type { ModelSummary } from '../summaries.ts';

/**
 * What a layer's units are called, by number, where they are classes: those of the layer that decides, and of what follows it
 * or only pools and flattens its output. Undefined for all other layers, whose units are numbers.
 */
export function unitNames(
  { layers, classes, description }: Pick<ModelSummary, 'layers' | 'classes' | 'description'>,
  name: string,
): readonly string[] | undefined {
  const at = layers.findIndex((layer) => layer.name === name);
  const layer = layers[at];
  if (!layer || classes === undefined || layer.shape?.[0] !== classes) return undefined;
  if (layers.slice(at + 1).some(({ parameters }) => parameters > 0)) return undefined;
  return Array.from({ length: classes }, (_, unit) => labelOf(description.labels, unit));
}
