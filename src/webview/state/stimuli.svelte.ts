/* eslint-disable svelte/prefer-svelte-reactivity -- sets are never shown */
import type { ImagesResult } from '../../core/results.ts';
import type { PanelRun } from '../../protocol/panel.ts';
import type { LayerSummary, MethodSummary } from '../../protocol/worker.ts';
import { ACTIVATIONS, changedValues } from '../logic/methods.ts';
import { aboutOf, namedUnits, picturesPerUnit, unitsPerPress, type About } from '../logic/recipes.ts';
import { DEFAULT, nearestPreset, presetValues } from '../logic/presets.ts';
import { nextUnits, orderTiles, unitList } from '../logic/tiles.ts';
import { Reel } from '../logic/reel.ts';
import type { ChosenImage } from './image.svelte.ts';
import type { Panel } from './panel.svelte.ts';
import type { Run } from './runs.svelte.ts';

/** How many presses' pictures a panel keeps; the oldest go first. */
const KEPT = 24;

/** One press of the button: the pictures that it makes, and how they form. */
export class Made {
  run = $state.raw<Run>()!;
  readonly reel = new Reel();

  constructor(
    readonly number: number,
    readonly method: MethodSummary,
    readonly layer: string,
    readonly request: PanelRun,
    readonly key: string,
    /** The images that it was made of, in words. */
    readonly images: readonly string[],
  ) {}

  get slot(): string {
    return `stimuli ${this.number}`;
  }

  readonly result = $derived<ImagesResult | undefined>(
    this.run.result?.kind === 'images' ? this.run.result : undefined,
  );
}

/** A picture of a press. */
export interface Chosen {
  readonly made: Made;
  readonly index: number;
}

/** The pictures that recipes have made, press by press, and what the next press makes. */
export class Stimuli {
  /** The last one first. */
  all = $state.raw<readonly Made[]>([]);
  chosen = $state.raw<Chosen>();
  /** By layer: the units that are named; none: the strongest. */
  units = $state<Record<string, string>>({});
  seed = $state(0);
  /** By method: the preset that was chosen last. */
  presets = $state<Record<string, string>>({});
  /** A second image: whose style is meant, or whose features are taken off. */
  style = $state.raw<ChosenImage>();
  /** By method: whether the layer is left to it, where it can choose. */
  free = $state<Record<string, boolean>>({});
  arrangement = $state<'runs' | 'units'>('runs');
  /** The strongest channels are being looked up. */
  preparing = $state(false);
  #presses = 0;

  constructor(private readonly panel: Panel) {}

  /** Of a layer, the last press first. */
  of(layer: LayerSummary): readonly Made[] {
    return this.all.filter((made) => made.layer === layer.name);
  }

  about(method: MethodSummary): About {
    return aboutOf(method, this.panel.asking.values[method.id] ?? {});
  }

  perUnit(method: MethodSummary): number {
    return picturesPerUnit(method, this.panel.asking.values[method.id] ?? {});
  }

  /** How many units the next press is about. Throws a usage error for units that the layer has not. */
  count(method: MethodSummary, layer: LayerSummary): number {
    const named = namedUnits(this.units[layer.name] ?? '', layer);
    const left = (layer.shape?.[0] ?? 0) - this.#asked(method, layer).size;
    return named?.length ?? Math.min(unitsPerPress(this.perUnit(method)), left);
  }

  /** The pictures that the next press would make again, where it names all that it is about. */
  again(method: MethodSummary, layer: LayerSummary): Made | undefined {
    const units = this.units[layer.name]?.trim();
    if (this.about(method).units && !units) return undefined;
    const key = this.panel.asking.keyOf(this.#request(method, layer, units));
    return this.all.find((made) => made.key === key && made.run.status !== 'failed' && made.run.status !== 'cancelled');
  }

  /** Makes pictures: of the units that are named, else of the next strongest for the current image, else by number. */
  async make(method: MethodSummary, layer: LayerSummary): Promise<void> {
    const named = this.units[layer.name]?.trim();
    const units = named || (this.about(method).units ? unitList(await this.#next(method, layer)) : undefined);
    const request = this.#request(method, layer, units);
    const { image } = this.panel;
    const images = [request.image && image.chosen?.name, request.style && this.style?.name];
    const names = images.filter((name) => name !== undefined);
    const made = new Made(++this.#presses, method, layer.name, request, this.panel.asking.keyOf(request), names);
    this.all = [made, ...this.all].slice(0, KEPT);
    this.chosen = undefined; // the first of the new ones is watched
    this.start(made);
  }

  /** Starts a press’s run, anew where there was one. */
  start(made: Made): void {
    const { panel } = this;
    made.run = panel.runs.start(made.slot, made.key, made.request, made.reel);
    panel.announce(`${made.method.title} begins`);
    void made.run.settled.then(() => {
      const { status, failure } = made.run;
      panel.announce(status === 'failed' ? failure!.message : `${made.method.title}: ${status}`);
    });
  }

  /** Fills the form with what made one of several pictures, for its unit alone. */
  use({ made, index }: Chosen): void {
    const tile = made.result?.tiles[index];
    if (!tile?.params) return;
    const { method, layer, request } = made;
    const values = { ...presetValues(method), ...request.params, ...tile.params };
    const { questions, asking } = this.panel;
    asking.values[method.id] = values;
    this.presets[method.id] = nearestPreset(method, values)?.name ?? DEFAULT;
    if (request.unit !== undefined) this.units[layer] = String(tile.unit);
    this.seed = request.seed ?? 0;
    questions.choose(method.id);
  }

  pause(made: Made, paused: boolean): void {
    this.panel.runs.pause(made.slot, made.run, paused);
    this.panel.announce(`${made.method.title}: ${paused ? 'paused' : 'goes on'}`);
  }

  cancel(made: Made): void {
    this.panel.runs.cancel(made.slot);
  }

  remove(made: Made): void {
    this.cancel(made);
    this.all = this.all.filter((one) => one !== made);
    if (this.chosen?.made === made) this.chosen = undefined;
  }

  forget(): void {
    for (const made of this.all) this.cancel(made);
    this.all = [];
    this.chosen = undefined;
  }

  #request(method: MethodSummary, layer: LayerSummary, unit: string | undefined): PanelRun {
    const { panel } = this;
    const { needs } = method;
    const { units, image, second } = this.about(method);
    const takes =
      (needs.includes('layer?') && !this.isFree(method) && !('classes' in method.params)) || needs.includes('layer');
    return panel.asking.request(method, {
      ...(takes && { layer: layer.name }),
      ...(takes && unit && (units || needs.includes('image')) && needs.includes('unit?') && { unit }),
      ...(image && panel.image.readable && { image: panel.image.readable.source }),
      ...(second && this.style && { style: this.style.source }),
      ...(this.seed > 0 && { seed: this.seed }),
    });
  }

  /** Whether the method chooses its layers itself: of two images it does, unless it is told. */
  isFree(method: MethodSummary): boolean {
    return this.free[method.id] ?? method.needs.includes('style');
  }

  /** Whether the strongest have their pictures, made as they would be now. */
  begun(method: MethodSummary, layer: LayerSummary): boolean {
    return this.#asked(method, layer).size > 0;
  }

  async #next(method: MethodSummary, layer: LayerSummary): Promise<readonly number[]> {
    this.preparing = true;
    const strongest = await this.#strongest(layer);
    this.preparing = false;
    const count = unitsPerPress(this.perUnit(method));
    return nextUnits(layer.shape?.[0] ?? 0, this.#asked(method, layer), strongest, count);
  }

  /** The units that this recipe has been asked for, with what it is told now. */
  #asked(method: MethodSummary, layer: LayerSummary): ReadonlySet<number> {
    const told = (request: PanelRun) => JSON.stringify([request.method, request.params ?? {}, request.seed ?? 0]);
    const params = changedValues(method, this.panel.asking.values[method.id] ?? {});
    const now = told({ method: method.id, params, seed: this.seed });
    const alike = this.of(layer).filter(({ request }) => told(request) === now);
    return new Set(alike.flatMap(({ request }) => namedUnits(request.unit ?? '', layer) ?? []));
  }

  async #strongest({ name }: LayerSummary): Promise<readonly number[]> {
    const { panel } = this;
    const method = panel.methods.find(({ id }) => id === ACTIVATIONS);
    if (!method || !panel.image.readable) return [];
    const request = panel.asking.request(method, { layer: name });
    const run = panel.runs.get('strength', panel.asking.keyOf(request), request);
    await run.settled;
    const { result } = run;
    if (result?.kind !== 'mosaic') return [];
    return orderTiles(result.tiles, 'strongest first').map((index) => result.tiles[index]!.unit);
  }
}
