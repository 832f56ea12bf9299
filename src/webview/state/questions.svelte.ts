import type { MethodSummary } from '../../protocol/worker.ts';
import { ACTIVATIONS, COMPARE, questionsOf, tabsFor, TRUST, type Question } from '../logic/methods.ts';
import type { Panel } from './panel.svelte.ts';

/** What can be asked of the selected layer, a tab each, and what is. */
export class Questions {
  /** A method's id, or that of several compared. */
  tab = $state<string>(ACTIVATIONS);

  /** The methods that the layer can be shown by. */
  readonly methods = $derived.by<MethodSummary[]>(() => {
    const { methods, model, network } = this.panel;
    return network.layer && model ? tabsFor(methods, network.layer, model) : [];
  });
  /** The methods that say which pixels matter: their maps can be compared. */
  readonly attributions = $derived<MethodSummary[]>(this.methods.filter(({ attribution }) => attribution));
  readonly trust = $derived.by(() => this.panel.methods.find(({ id }) => id === TRUST));
  readonly compared = $derived.by(() =>
    this.attributions.filter(({ id }) => this.panel.view.compared?.includes(id) ?? true),
  );
  readonly comparing = $derived(this.tab === COMPARE && this.attributions.length > 1);
  readonly all = $derived<Question[]>(questionsOf(this.methods));
  /** The method that is shown; none while several are compared. */
  readonly method = $derived<MethodSummary | undefined>(
    this.comparing
      ? undefined
      : (this.methods.find(({ id }) => id === this.tab) ??
          this.methods.find(({ id }) => id === ACTIVATIONS) ??
          this.methods[0]),
  );
  readonly current = $derived<Question | undefined>(
    this.all.find(({ methods }) => this.method && methods.includes(this.method)),
  );

  constructor(private readonly panel: Panel) {}

  /** Shows a method, which its question then remembers. */
  choose(id: string): void {
    this.tab = id;
    const question = this.all.find(({ methods }) => methods.some((method) => method.id === id));
    if (question) this.panel.view.chosen[question.id] = id;
    this.panel.save();
  }

  /** Shows the method of a question that was chosen last. */
  ask({ id, methods }: Question): void {
    const last = methods.find((method) => method.id === this.panel.view.chosen[id]);
    this.choose((last ?? methods[0]!).id);
  }
}
