import type { ImageChoice, PanelApi, PanelHostApi } from '../../protocol/panel.ts';
import type { MethodSummary, ModelSummary, OpenOptions } from '../../protocol/worker.ts';
import { baseName } from '../logic/format.ts';
import { UnitConnections } from '../graph/unit-connections.svelte.ts';
import { ACTIVATIONS, FILTERS } from '../logic/methods.ts';
import { firstValues } from '../logic/presets.ts';
import { Live } from '../live/live.svelte.ts';
import { ComparedModels } from '../models/compared-models.svelte.ts';
import { inputObstacle, notesOf } from '../logic/notes.ts';
import { Asking } from './asking.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import { FIRST_VIEW, type KeptState, type ViewSettings } from './kept.ts';
import { fromChoice, ImageState } from './image.svelte.ts';
import { firstLayer, Network } from './network.svelte.ts';
import { Questions } from './questions.svelte.ts';
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
  split = $state<number>();
  view = $state<ViewSettings>({ ...FIRST_VIEW });
  announcement = $state('');
  /** Grows with each opening of the model: results before it are of another description. */
  generation = $state(0);
  /** The file holds another network than what is shown. */
  outdated = $state(false);

  /** Width of the right pane, in pixels; and of the picture at its side. */
  room = $state(900);
  readonly sideWidth = $derived(this.room <= 560 ? 200 : this.room < 780 ? 240 : this.room < 1200 ? 320 : 400);

  /** Whether an image leads anywhere. */
  readonly takesImages = $derived(
    this.model !== undefined && this.model.missing === undefined && inputObstacle(this.model) === undefined,
  );

  /** The engine that ran last: where one fails, another takes over. */
  #ran = $state<string>();
  readonly engine = $derived(this.#ran ?? this.model?.engine);
  readonly notes = $derived(this.model ? notesOf(this.model) : []);

  readonly network = new Network(this);
  readonly questions = new Questions(this);
  readonly asking = new Asking(this);
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
    () => this.network.layerName,
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
    for (const method of methods) this.asking.values[method.id] ??= firstValues(method);
    this.#take(model, same.folded);
    this.split = same.split ?? state.split;
    this.questions.tab = state.tab ?? same.tab ?? ACTIVATIONS;
    this.asking.target = state.target ?? same.target;
    this.models.other = state.with ?? same.with;
    const wanted = [state.layer, same.layer].find((name) => this.network.has(name));
    this.network.select(wanted ?? firstLayer(model));
    this.#name(state.unit);
    this.status = 'open';
    await this.#firstImage(state.image ?? same.image);
    if (!this.image.chosen && (state.tab ?? same.tab) === undefined) this.questions.tab = FILTERS;
  }

  async #firstImage(path: string | undefined): Promise<void> {
    if (!this.takesImages) return this.image.use(undefined);
    this.image.choices = await this.host.images();
    const known = this.image.choices.find((image) => image.path === path);
    const kept = path === undefined ? this.image.choices[0] : { path, name: baseName(path), detail: path };
    const choice = known ?? kept;
    await this.image.use(choice && fromChoice(choice));
  }

  #take(model: ModelSummary, folded?: readonly string[]): void {
    this.model = model;
    this.network.take(model, folded);
    this.generation++;
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
    this.asking.target = undefined;
    this.save();
    await using;
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
      layer: this.network.layerName,
      tab: this.questions.tab,
      image: source && 'path' in source ? source.path : undefined,
      target: this.asking.target,
      split: this.split,
      with: this.models.other,
      view: $state.snapshot(this.view),
      folded: [...this.network.folded],
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
    if (tab !== undefined) this.questions.choose(tab);
    if (target !== undefined) this.asking.target = target;
    this.network.select(layer ?? this.network.layerName);
    this.#name(unit);
  };

  /** Names units of the selected layer for preferred stimuli. */
  #name(unit: string | undefined): void {
    const { layerName } = this.network;
    if (unit !== undefined && layerName !== undefined) this.stimuli.units[layerName] = unit;
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
