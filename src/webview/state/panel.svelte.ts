/* eslint-disable svelte/prefer-svelte-reactivity -- these maps and sets are replaced as a whole, or never shown */
import type { CodePlace, ImageChoice, PanelApi, PanelHostApi, PanelRun } from '../../protocol/panel.ts';
import type { LayerSummary, MethodSummary, ModelSummary, OpenOptions } from '../../protocol/worker.ts';
import { withOptions } from '../../core/visualizers/method-name.ts';
import { baseName } from '../logic/format.ts';
import { UnitConnections } from '../graph/unit-connections.svelte.ts';
import { blocksOf, foldedAtFirst, structureOf, type Structure } from '../graph/structure.ts';
import {
  ACTIVATIONS,
  changedValues,
  COMPARE,
  defaultsOf,
  FILTERS,
  questionsOf,
  tabsFor,
  TRUST,
  type Question,
} from '../logic/methods.ts';
import { Live } from '../live/live.svelte.ts';
import { ComparedModels } from '../models/compared-models.svelte.ts';
import { inputObstacle, notesOf } from '../logic/notes.ts';
import type { Asked } from '../logic/sides.ts';
import { Comparison } from './comparison.svelte.ts';
import { FIRST_VIEW, type KeptState, type ViewSettings } from './kept.ts';
import { fromChoice, ImageState } from './image.svelte.ts';
import { Report } from './report.svelte.ts';
import { Stimuli } from './stimuli.svelte.ts';
import { Runs, type Failure } from './runs.svelte.ts';

/** Ids of classify and previews calls: far from those of runs, as progress goes by id. */
let otherId = 1_000_000;

/** All that one panel knows. Components read it and call it; it alone talks to the host. */
export class Panel implements PanelApi {
  status = $state<'opening' | 'open' | 'failed'>('opening');
  failure = $state.raw<Failure>();
  /** What ended the child process; the panel then offers a restart. */
  crash = $state<string>();
  model = $state.raw<ModelSummary>();
  methods = $state.raw<readonly MethodSummary[]>([]);
  structure = $state.raw<Structure>();
  folded = $state.raw<ReadonlySet<string>>(new Set());
  layerName = $state<string>();
  tab = $state<string>(ACTIVATIONS);
  split = $state<number>();
  view = $state<ViewSettings>({ ...FIRST_VIEW });
  codePlace = $state.raw<CodePlace>();
  announcement = $state('');
  /** By method: what its form says. */
  values = $state<Record<string, Record<string, unknown>>>({});
  /** Class number that attribution explains; undefined: the predicted one. */
  target = $state<number>();
  /** Class number that it is explained against: why the one and not the other. */
  against = $state<number>();
  /** A unit of the selected layer that is explained in place of a class. */
  unit = $state.raw<{ readonly layer: string; readonly unit: string }>();
  /** Grows with each opening of the model: results before it are of another description. */
  generation = $state(0);
  /** The file holds another network than what is shown. */
  outdated = $state(false);

  /** Width of the right pane, in pixels; and of the picture at its side. */
  room = $state(900);
  readonly sideWidth = $derived(this.room <= 560 ? 200 : this.room < 780 ? 240 : this.room < 1200 ? 320 : 400);

  readonly layer = $derived<LayerSummary | undefined>(
    this.layerName === undefined ? undefined : this.structure?.layers.get(this.layerName),
  );
  readonly tabs = $derived<MethodSummary[]>(
    this.layer && this.model ? tabsFor(this.methods, this.layer, this.model) : [],
  );
  /** The methods that say which pixels matter: their maps can be compared. */
  readonly attributions = $derived<MethodSummary[]>(this.tabs.filter(({ attribution }) => attribution));
  readonly trust = $derived<MethodSummary | undefined>(this.methods.find(({ id }) => id === TRUST));
  readonly compared = $derived<MethodSummary[]>(
    this.attributions.filter(({ id }) => this.view.compared?.includes(id) ?? true),
  );
  readonly comparing = $derived(this.tab === COMPARE && this.attributions.length > 1);
  /** The tabs: a question each. */
  readonly questions = $derived<Question[]>(questionsOf(this.tabs));
  /** The method that is shown; none while several are compared. */
  readonly method = $derived<MethodSummary | undefined>(
    this.comparing
      ? undefined
      : (this.tabs.find(({ id }) => id === this.tab) ?? this.tabs.find(({ id }) => id === ACTIVATIONS) ?? this.tabs[0]),
  );
  readonly question = $derived<Question | undefined>(
    this.questions.find(({ methods }) => this.method && methods.includes(this.method)),
  );

  /** Whether an image leads anywhere. */
  readonly takesImages = $derived(
    this.model !== undefined && this.model.missing === undefined && inputObstacle(this.model) === undefined,
  );

  /** The engine that ran last: where one fails, another takes over. */
  #ran = $state<string>();
  readonly engine = $derived(this.#ran ?? this.model?.engine);
  readonly notes = $derived(this.model ? notesOf(this.model) : []);

  readonly runs: Runs;
  readonly image: ImageState;
  readonly comparison = new Comparison(this, 'compare');
  /** How far the compared maps are to be believed, by what is quick to tell. */
  readonly tests = new Comparison(this, 'tests');
  readonly report = new Report(this);
  readonly stimuli = new Stimuli(this);
  readonly connections = new UnitConnections(() => this.host);
  readonly models = new ComparedModels(
    () => this.host,
    () => this.save(),
  );
  readonly live = new Live(
    () => this.host,
    () => this.layerName,
  );
  host!: PanelHostApi;

  constructor(private readonly keep: (state: KeptState) => void) {
    this.runs = new Runs(
      () => this.host,
      ({ engine }) => (this.#ran = engine),
    );
    this.image = new ImageState(
      () => this.host,
      (text) => this.announce(text),
      () => otherId++,
    );
  }

  /** Opens the model, and shows it with the image that was there, else with the first sample. */
  async start(kept: Partial<KeptState>): Promise<void> {
    this.status = 'opening';
    Object.assign(this.view, kept.view);
    const reply = await this.host.ready();
    if (!reply.ok) {
      this.status = 'failed';
      this.failure = reply;
      return;
    }
    const { model, methods, state } = reply.value;
    const same = kept.model === state.model ? kept : {};
    this.methods = methods;
    for (const method of methods) this.values[method.id] ??= defaultsOf(method);
    this.#take(model);
    if (same.folded) this.folded = new Set(same.folded);
    this.split = same.split ?? state.split;
    this.tab = state.tab ?? same.tab ?? ACTIVATIONS;
    this.target = state.target ?? same.target;
    this.models.other = state.with ?? same.with;
    const wanted = [state.layer, same.layer].find((name) => name !== undefined && this.structure!.layers.has(name));
    this.select(wanted ?? firstLayer(model));
    this.#name(state.unit);
    this.status = 'open';
    await this.#firstImage(state.image ?? same.image);
    if (!this.image.chosen && (state.tab ?? same.tab) === undefined) this.tab = FILTERS;
  }

  async #firstImage(path: string | undefined): Promise<void> {
    if (!this.takesImages) return this.image.use(undefined);
    this.image.choices = await this.host.images();
    const known = this.image.choices.find((image) => image.path === path);
    const kept = path === undefined ? this.image.choices[0] : { path, name: baseName(path), detail: path };
    const choice = known ?? kept;
    await this.image.use(choice && fromChoice(choice));
  }

  #take(model: ModelSummary): void {
    this.model = model;
    this.structure = structureOf(model.layers, decisionOf(model));
    this.folded = foldedAtFirst(this.structure);
    this.generation++;
  }

  select(name: string | undefined): void {
    if (name === undefined || !this.structure?.layers.has(name)) return;
    const changed = name !== this.layerName;
    this.layerName = name;
    if (changed) this.unit = undefined;
    const block = this.structure.blockOf.get(name);
    if (changed) void this.#findCode(name);
    if (block && this.folded.has(block.id) && block.stacks.at(-1)!.layers.at(-1)!.name !== name)
      this.fold(block.id, false);
    this.save();
  }

  async #findCode(name: string): Promise<void> {
    this.codePlace = undefined;
    const place = await this.host.codePlace(name);
    if (this.layerName === name) this.codePlace = place;
  }

  fold(block: string, folded: boolean): void {
    const next = new Set(this.folded);
    if (folded) next.add(block);
    else next.delete(block);
    this.folded = next;
    this.save();
  }

  foldAll(folded: boolean): void {
    this.folded = new Set(folded && this.structure ? blocksOf(this.structure).map(({ id }) => id) : []);
    this.save();
  }

  /** Shows a method, which its question then remembers. */
  chooseTab(id: string): void {
    this.tab = id;
    const question = this.questions.find(({ methods }) => methods.some((method) => method.id === id));
    if (question) this.view.chosen[question.id] = id;
    this.save();
  }

  /** Shows the method of a question that was chosen last. */
  ask({ id, methods }: Question): void {
    const last = methods.find((method) => method.id === this.view.chosen[id]);
    this.chooseTab((last ?? methods[0]!).id);
  }

  adjust(change: Partial<ViewSettings>): void {
    Object.assign(this.view, change);
    this.save();
  }

  async chooseImage(choice: ImageChoice | undefined): Promise<void> {
    if (!choice || !this.takesImages) return;
    if (!this.image.choices.some(({ path }) => path === choice.path))
      this.image.choices = [choice, ...this.image.choices];
    const using = this.image.use(fromChoice(choice));
    this.target = undefined;
    this.save();
    await using;
  }

  /** What the panel asks for when this method runs on what is selected now. */
  request(method: MethodSummary, more: Partial<PanelRun> = {}): PanelRun {
    const needs = (need: (typeof method.needs)[number]): boolean => method.needs.includes(need);
    const params = changedValues(method, this.values[method.id] ?? {});
    return {
      method: method.id,
      ...(needs('layer') && this.layerName !== undefined ? { layer: this.layerName } : {}),
      ...(needs('image') && this.image.chosen ? { image: this.image.chosen.source } : {}),
      ...this.#explained(method),
      ...(Object.keys(params).length ? { params } : {}),
      ...more,
    };
  }

  /** How far a method's map is to be believed, by what is quick to tell. */
  testOf(method: MethodSummary): Asked {
    const of = withOptions(method.id, this.request(method).params);
    const request = this.request(this.trust!, { params: { of, metrics: 'deletion,insertion' } });
    return { id: method.id, method, request };
  }

  #explained({ needs, question }: MethodSummary): Partial<PanelRun> {
    const pixels = needs.includes('class') || question === this.attributions[0]?.question;
    if (this.unit && pixels && needs.includes('unit?')) return this.unit;
    if (!needs.includes('class') || !needs.includes('image')) return {};
    return {
      ...(this.target !== undefined && { target: this.target }),
      ...(this.against !== undefined && { against: this.against }),
    };
  }

  /** Asks which pixels a unit of the selected layer answers to. */
  explain(unit: string): void {
    const question = this.questions.find(({ methods }) => methods.some(({ attribution }) => attribution));
    if (!question || this.layerName === undefined) return;
    this.unit = { layer: this.layerName, unit };
    this.ask(question);
  }

  /** Equal for runs that give the same result. */
  keyOf(request: PanelRun): string {
    const { image, style, ...rest } = request;
    const images = [image && this.image.chosen?.key, style && this.stimuli.style?.key];
    return JSON.stringify([this.generation, rest, ...images]);
  }

  async describe(options: OpenOptions): Promise<Failure | undefined> {
    const reply = await this.host.describe(options);
    if (!reply.ok) return reply;
    this.runs.forget();
    this.stimuli.forget();
    this.#take(reply.value);
    void this.image.refresh();
    return undefined;
  }

  async restart(): Promise<void> {
    this.announce('Restarting');
    await this.host.restart();
  }

  announce(text: string): void {
    this.announcement = text;
  }

  save(): void {
    if (this.model) this.keep(this.#state(this.model));
  }

  #state({ file }: ModelSummary): KeptState {
    const source = this.image.chosen?.source;
    return {
      model: file,
      layer: this.layerName,
      tab: this.tab,
      image: source && 'path' in source ? source.path : undefined,
      target: this.target,
      split: this.split,
      with: this.models.other,
      view: $state.snapshot(this.view),
      folded: [...this.folded],
    };
  }

  /** Opens the file again, as it is now. */
  async reload(): Promise<void> {
    this.outdated = false;
    const kept = this.model ? this.#state(this.model) : {};
    this.runs.forget();
    this.stimuli.forget();
    await this.start(kept);
  }

  /** The new network takes the old one's place, unless pictures of the old one would go with it. */
  changed: PanelApi['changed'] = () => {
    if (this.status === 'open' && this.stimuli.all.length > 0) this.outdated = true;
    else void this.reload();
  };

  progress: PanelApi['progress'] = (id, progress) => {
    this.runs.progress(id, progress);
    this.report.progress(id, progress);
  };

  show: PanelApi['show'] = (layer, ...given) => {
    // What is left out may arrive as null: the editor's messages are JSON.
    const [tab, target, other, unit] = given.map((value) => value ?? undefined) as typeof given;
    // What covers the layer's own views gives way to them.
    if (other !== undefined || tab !== undefined) this.live.stop();
    if (other !== undefined) this.models.other = other;
    else if (tab !== undefined) this.models.stop();
    if (tab !== undefined) this.chooseTab(tab);
    if (target !== undefined) this.target = target;
    this.select(layer ?? this.layerName);
    this.#name(unit);
  };

  /** Names units of the selected layer for preferred stimuli. */
  #name(unit: string | undefined): void {
    if (unit !== undefined && this.layerName !== undefined) this.stimuli.units[this.layerName] = unit;
  }

  useImage: PanelApi['useImage'] = (image) => void this.chooseImage(image);

  crashed: PanelApi['crashed'] = (message) => {
    this.crash = message;
    this.announce(message);
    this.runs.failAll({ ok: false, kind: 'crashed', message });
  };

  restarted: PanelApi['restarted'] = () => {
    this.crash = undefined;
    this.generation++;
    this.announce('Layerscope works again.');
    if (this.status === 'open') void this.image.refresh();
    else void this.start({});
  };
}

/** The layer whose output is the classes, where there are any. */
export const decisionOf = (model: ModelSummary): string | undefined =>
  model.classes ? model.layers.at(-1)?.name : undefined;

/** Where a person starts to look: the first layer with filters. */
const firstLayer = (model: ModelSummary): string | undefined =>
  (model.layers.find((layer) => layer.hasFilters) ?? model.layers[0])?.name;
