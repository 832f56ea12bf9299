import type { PanelRun } from '../../protocol/panel.ts';
import type { MethodSummary } from '../../protocol/worker.ts';

/** Of two classes: what is explained of them. */
export const SIDES = ['class', 'other class', 'difference'] as const;
export type Side = (typeof SIDES)[number];

/** One map that is compared with others. */
export interface Asked {
  /** Of its own among them. */
  readonly id: string;
  readonly method: MethodSummary;
  readonly request: PanelRun;
  readonly side?: Side;
}

/** The map of a method, or, where two classes are set against each other, that of each class and that of the difference of their scores. */
export function sidesOf(method: MethodSummary, request: PanelRun): Asked[] {
  const { against, ...own } = request;
  if (against === undefined) return [{ id: method.id, method, request }];
  const requests = { class: own, 'other class': { ...own, target: against }, difference: request };
  return SIDES.map((side) => ({ id: `${method.id}, ${side}`, method, request: requests[side], side }));
}
