import type { LayerSummary } from '../summaries.ts';

/** Whether a layer has channels that can be asked what they prefer. */
export const hasStimuli = ({ kind, runnable, shape }: LayerSummary): boolean =>
  runnable && shape !== undefined && shape.length > 0 && !kind.startsWith('Input');

/** How many channels of a layer are shown where there is no room for all. */
export const FEW = 9;

/** The first few units of a layer. */
export const firstUnits = ({ shape }: LayerSummary): number[] => [...Array(Math.min(FEW, shape?.[0] ?? 0)).keys()];
