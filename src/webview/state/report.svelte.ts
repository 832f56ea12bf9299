import type { PanelApi } from '../../protocol/panel.ts';
import type { Failure } from './runs.svelte.ts';
import type { Panel } from './panel.svelte.ts';

/** Far from the ids of runs, as progress goes by id. */
let nextId = 5_000_000;

/** The report that is being made, one at a time. */
export class Report {
  running = $state(false);
  done = $state(0);
  total = $state(0);
  doing = $state<string>();
  failure = $state.raw<Failure>();
  #id = 0;

  constructor(private readonly panel: Panel) {}

  /** Of the current image: the maps that are compared, of what is explained now. */
  async save(): Promise<void> {
    const { panel } = this;
    const [first] = panel.questions.attributions;
    if (!first || !panel.image.chosen || this.running) return;
    const { image, target, against, layer, unit } = panel.asking.request(first);
    const methods = panel.questions.compared.map(({ id }) => id);
    this.running = true;
    [this.done, this.total, this.doing] = [0, 0, undefined];
    this.failure = undefined;
    this.#id = nextId++;
    const what = Object.entries({ image, target, against, layer, unit }).filter(([, value]) => value !== undefined);
    const report = { ...Object.fromEntries(what), ...(methods.length > 0 && { methods }) };
    const reply = await panel.host.saveReport(this.#id, report);
    this.running = false;
    if (reply.ok && reply.value !== undefined) panel.announce('The report is saved.');
    if (!reply.ok && reply.kind !== 'cancelled') this.failure = reply;
  }

  cancel(): void {
    void this.panel.host.cancel(this.#id);
  }

  progress: PanelApi['progress'] = (id, { done, total, doing }) => {
    if (id !== this.#id) return;
    [this.done, this.total, this.doing] = [done, total, doing];
  };
}
