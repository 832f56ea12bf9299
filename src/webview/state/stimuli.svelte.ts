/* eslint-disable svelte/prefer-svelte-reactivity -- these maps and sets are replaced as a whole, or never shown */
import type { ImagesResult } from '../../core/results.ts';
import type { PanelRun } from '../../protocol/panel.ts';
import type { MethodSummary } from '../../protocol/worker.ts';
import { ACTIVATIONS } from '../logic/methods.ts';
import { joinImages } from '../logic/join.ts';
import { nextUnits, orderTiles, unitList } from '../logic/tiles.ts';
import type { Panel } from './panel.svelte.ts';
import type { Run } from './runs.svelte.ts';

/** How many channels one press of the button adds. */
export const BATCH = 9;
const SLOT = 'stimuli';

/** The preferred stimuli of one layer that have been asked for, nine and nine. */
export class Stimuli {
  runs = $state.raw<readonly Run[]>([]);
  /** The strongest channels are being looked up. */
  preparing = $state(false);
  #asked = $state.raw<ReadonlySet<number>>(new Set());

  constructor(
    private readonly panel: Panel,
    private readonly method: MethodSummary,
    private readonly layer: string,
    readonly channels: number,
  ) {}

  readonly result = $derived<ImagesResult | undefined>(
    joinImages(this.runs.map((run) => run.result).filter((result) => result?.kind === 'images')),
  );

  get last(): Run | undefined {
    return this.runs.at(-1);
  }

  /** Whether there are channels that have not been asked for. */
  get more(): boolean {
    return this.#asked.size < this.channels;
  }

  /** Computes the next nine: the strongest for the current image, else by number. What was not finished comes first. */
  async compute(): Promise<void> {
    const unfinished = this.last && this.last.status !== 'done' ? this.last : undefined;
    const request = unfinished?.request ?? (await this.#nextRequest());
    if (!request) return;
    const run = this.panel.runs.start(SLOT, this.panel.keyOf(request), request);
    run.result = unfinished?.result; // stays until the new one has a picture
    this.runs = [...this.runs.filter((one) => one !== unfinished), run];
    await run.settled;
  }

  async #nextRequest(): Promise<PanelRun | undefined> {
    this.preparing = true;
    const strongest = await this.#strongest();
    this.preparing = false;
    const units = nextUnits(this.channels, this.#asked, strongest, BATCH);
    if (!units.length) return undefined;
    this.#asked = new Set([...this.#asked, ...units]);
    return this.panel.request(this.method, { layer: this.layer, unit: unitList(units) });
  }

  cancel(): void {
    this.panel.runs.cancel(SLOT);
  }

  async #strongest(): Promise<readonly number[]> {
    const method = this.panel.methods.find(({ id }) => id === ACTIVATIONS);
    if (!method || !this.panel.image.chosen) return [];
    const request = this.panel.request(method, { layer: this.layer });
    const run = this.panel.runs.get('strength', this.panel.keyOf(request), request);
    await run.settled;
    const { result } = run;
    if (result?.kind !== 'mosaic') return [];
    return orderTiles(result.tiles, 'strongest first').map((index) => result.tiles[index]!.unit);
  }
}
