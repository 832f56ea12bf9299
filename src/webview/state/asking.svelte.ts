import type { PanelRun } from '../../protocol/panel.ts';
import type { MethodSummary } from '../../protocol/worker.ts';
import { withOptions } from '../../core/visualizers/method-name.ts';
import { changedValues } from '../logic/methods.ts';
import type { Asked } from '../logic/sides.ts';
import type { Panel } from './panel.svelte.ts';

/** What a run is asked for: what the forms say, of which image, and what of it is explained. */
export class Asking {
  /** By method: what its form says. */
  values = $state<Record<string, Record<string, unknown>>>({});
  /** Class number that attribution explains; undefined: the predicted one. */
  target = $state<number>();
  /** Class number that it is explained against: why the one and not the other. */
  against = $state<number>();
  /** A unit of the selected layer that is explained in place of a class. */
  unit = $state.raw<{ readonly layer: string; readonly unit: string }>();

  constructor(private readonly panel: Panel) {}

  /** What the panel asks for when this method runs on what is selected now. */
  request(method: MethodSummary, more: Partial<PanelRun> = {}): PanelRun {
    const needs = (need: (typeof method.needs)[number]): boolean => method.needs.includes(need);
    const params = changedValues(method, this.values[method.id] ?? {});
    const { layerName } = this.panel.network;
    const { chosen } = this.panel.image;
    return {
      method: method.id,
      ...(needs('layer') && layerName !== undefined ? { layer: layerName } : {}),
      ...(needs('image') && chosen ? { image: chosen.source } : {}),
      ...this.#explained(method),
      ...(Object.keys(params).length ? { params } : {}),
      ...more,
    };
  }

  /** How far a method's map is to be believed, by what is quick to tell. */
  testOf(method: MethodSummary): Asked {
    const of = withOptions(method.id, this.request(method).params);
    const request = this.request(this.panel.questions.trust!, { params: { of, metrics: 'deletion,insertion' } });
    return { id: method.id, method, request };
  }

  #explained({ needs, question }: MethodSummary): Partial<PanelRun> {
    // Recipes say themselves what they are about.
    const pixels =
      (needs.includes('class') && needs.includes('image')) ||
      question === this.panel.questions.attributions[0]?.question;
    if (this.unit && pixels && needs.includes('unit?')) return this.unit;
    if (!needs.includes('class') || !needs.includes('image')) return {};
    return {
      ...(this.target !== undefined && { target: this.target }),
      ...(this.against !== undefined && { against: this.against }),
    };
  }

  /** Asks which pixels a unit of the selected layer answers to. */
  explain(unit: string): void {
    const { questions, network } = this.panel;
    const question = questions.all.find(({ methods }) => methods.some(({ attribution }) => attribution));
    if (!question || network.layerName === undefined) return;
    this.unit = { layer: network.layerName, unit };
    questions.ask(question);
  }

  /** Equal for runs that give the same result. */
  keyOf(request: PanelRun): string {
    const { image, style, ...rest } = request;
    const { generation, image: shown, stimuli } = this.panel;
    return JSON.stringify([generation, rest, image && shown.chosen?.key, style && stimuli.style?.key]);
  }
}
