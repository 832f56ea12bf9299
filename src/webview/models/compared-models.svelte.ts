import type { PanelHostApi } from '../../protocol/panel.ts';
import type { ImageSource, ModelComparison } from '../../protocol/worker.ts';
import { Latest } from '../logic/latest.ts';
import type { Failure } from '../state/runs.svelte.ts';

export type ComparedView = 'filters' | 'activations';

/** Ids of these calls: far from those of others, as cancelling goes by id. */
let nextId = 3_000_000;

/** The model that this one is compared with, and what came of it. */
export class ComparedModels {
  /** Path of the other model; undefined while nothing is compared. */
  other = $state<string>();
  view = $state<ComparedView>('filters');
  found = $state.raw<ModelComparison>();
  failure = $state.raw<Failure>();
  busy = $state(false);
  readonly #latest = new Latest();
  #running: number | undefined;

  constructor(
    private readonly host: () => PanelHostApi,
    /** What is compared has changed. */
    private readonly changed: () => void,
  ) {}

  /** Asks for the other model; nothing changes when the user leaves it. */
  async choose(): Promise<void> {
    const model = await this.host().pickModel();
    if (model === undefined) return;
    this.other = model;
    this.changed();
  }

  stop(): void {
    this.other = undefined;
    this.found = undefined;
    this.failure = undefined;
    this.changed();
  }

  /** Compares a layer of this model with its counterpart. */
  async ask(layer: string, view: ComparedView, image: ImageSource | undefined): Promise<void> {
    if (this.#running !== undefined) void this.host().cancel(this.#running);
    const other = this.other;
    if (other === undefined) return;
    const mine = this.#latest.begin('comparison').id;
    const id = (this.#running = nextId++);
    this.busy = true;
    this.failure = undefined;
    const reply = await this.host().compare(id, {
      method: view,
      layer,
      with: other,
      ...(view === 'activations' && image && { image }),
    });
    if (!this.#latest.end('comparison', mine)) return;
    this.#running = undefined;
    this.busy = false;
    this.found = reply.ok ? reply.value : undefined;
    if (!reply.ok && reply.kind !== 'cancelled') this.failure = reply;
  }
}
