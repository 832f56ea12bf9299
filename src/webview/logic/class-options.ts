import type { ModelSummary, Prediction } from '../../protocol/worker.ts';
import { formatProbability } from './format.ts';

/** What a field offers for a class: its number, and how it reads. */
export interface ClassOption {
  readonly value: string;
  readonly label: string;
  readonly detail?: string | undefined;
}

/** The predicted classes with how sure the network is of them, then all others. */
export function classOptions(
  model: Pick<ModelSummary, 'classes' | 'description'> | undefined,
  top: readonly Pick<Prediction, 'index' | 'label' | 'probability'>[],
): ClassOption[] {
  const likely = top.map(({ index, label, probability }) => ({
    value: String(index),
    label,
    detail: formatProbability(probability),
  }));
  const taken = new Set(likely.map(({ value }) => value));
  const labels = model?.description.labels;
  const count = model?.classes ?? labels?.length ?? 0;
  const rest = Array.from({ length: count }, (_, index) => ({
    value: String(index),
    label: labels?.[index] ?? `class ${index}`,
    detail: labels ? String(index) : undefined,
  }));
  return [...likely, ...rest.filter(({ value }) => !taken.has(value))];
}
