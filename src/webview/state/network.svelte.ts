/* eslint-disable svelte/prefer-svelte-reactivity -- sets are replaced as a whole */
import type { CodePlace } from '../../protocol/panel.ts';
import type { LayerSummary, ModelSummary } from '../../protocol/worker.ts';
import { blocksOf, foldedAtFirst, structureOf, type Structure } from '../graph/structure.ts';
import type { Panel } from './panel.svelte.ts';

/** The network as it is drawn: which layer is selected, which blocks are folded. */
export class Network {
  structure = $state.raw<Structure>();
  folded = $state.raw<ReadonlySet<string>>(new Set());
  layerName = $state<string>();
  /** Where the code defines the selected layer. */
  codePlace = $state.raw<CodePlace>();

  readonly layer = $derived<LayerSummary | undefined>(
    this.layerName === undefined ? undefined : this.structure?.layers.get(this.layerName),
  );

  constructor(private readonly panel: Panel) {}

  /** Shows a model, with these folds, else with those that are usual for one. */
  take(model: ModelSummary, folded?: readonly string[]): void {
    this.structure = structureOf(model.layers, decisionOf(model));
    this.folded = folded ? new Set(folded) : foldedAtFirst(this.structure);
  }

  has(name: string | undefined): name is string {
    return name !== undefined && this.structure!.layers.has(name);
  }

  /** Selects a layer, whose block unfolds; a name of none does nothing. */
  select(name: string | undefined): void {
    if (name === undefined || !this.structure?.layers.has(name)) return;
    const changed = name !== this.layerName;
    this.layerName = name;
    if (changed) this.panel.asking.unit = undefined;
    const block = this.structure.blockOf.get(name);
    if (changed) void this.#findCode(name);
    if (block && this.folded.has(block.id) && block.stacks.at(-1)!.layers.at(-1)!.name !== name)
      this.fold(block.id, false);
    this.panel.save();
  }

  async #findCode(name: string): Promise<void> {
    this.codePlace = undefined;
    const place = await this.panel.host.codePlace(name);
    if (this.layerName === name) this.codePlace = place;
  }

  fold(block: string, folded: boolean): void {
    const next = new Set(this.folded);
    if (folded) next.add(block);
    else next.delete(block);
    this.folded = next;
    this.panel.save();
  }

  foldAll(folded: boolean): void {
    this.folded = new Set(folded && this.structure ? blocksOf(this.structure).map(({ id }) => id) : []);
    this.panel.save();
  }
}

/** The layer whose output is the classes, where there are any. */
export const decisionOf = (model: ModelSummary): string | undefined =>
  model.classes ? model.layers.at(-1)?.name : undefined;

/** Where a person starts to look: the first layer with filters. */
export const firstLayer = (model: ModelSummary): string | undefined =>
  (model.layers.find((layer) => layer.hasFilters) ?? model.layers[0])?.name;
