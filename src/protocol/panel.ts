import type {
  LiveFrame,
  ModelComparison,
  Connections,
  ImageSource,
  ImageSummary,
  LayerPreview,
  MethodSummary,
  ModelSummary,
  OpenOptions,
  Progress,
  Reply,
  ReportRequest,
  RunRequest,
  RunResult,
} from './worker.ts';

/** What a panel needs to come back after a reload of the window; kept by `setState`. */
export interface PanelState {
  readonly model: string;
  readonly layer?: string;
  readonly tab?: string;
  /** Path of the current image, where it is a file. */
  readonly image?: string;
  /** Class number that attribution explains; default the predicted one. */
  readonly target?: number;
  /** Units that are named for preferred stimuli, as `--unit` takes them. */
  readonly unit?: string;
  readonly split?: number;
  /** Path of the model that this one is compared with. */
  readonly with?: string;
}

/** An image the user can choose: of the workspace, or a sample. */
export interface ImageChoice {
  readonly path: string;
  readonly name: string;
  /** Where it comes from: shown beneath the name. */
  readonly detail: string;
}

/** Where the user's code defines a layer. */
export interface CodePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A run as the panel asks for it; the panel's host adds the model and its options. */
export type PanelRun = Omit<RunRequest, 'model' | 'options'>;

/** A report as the panel asks for it. */
export type PanelReport = Omit<ReportRequest, 'model' | 'options'>;

/** Webview → extension (birpc over postMessage). */
export interface PanelHostApi {
  /** Called once, when the page stands. */
  ready(): Promise<
    Reply<{ readonly model: ModelSummary; readonly methods: readonly MethodSummary[]; readonly state: PanelState }>
  >;
  images(): Promise<readonly ImageChoice[]>;
  /** Opens VS Code's own file picker; undefined when the user leaves it. */
  pickImage(): Promise<ImageChoice | undefined>;
  classify(id: number, image: ImageSource): Promise<Reply<ImageSummary>>;
  previews(id: number, image?: ImageSource): Promise<Reply<readonly LayerPreview[]>>;
  connections(layer: string, unit: number): Promise<Reply<Connections>>;
  /** What a layer answers to a frame of a camera or film. */
  live(id: number, layer: string, frame: ImageSource): Promise<Reply<LiveFrame>>;
  /** The same view of this model and of another one (`run.with`). */
  compare(id: number, run: PanelRun): Promise<Reply<ModelComparison>>;
  /** A model to compare with; undefined when the user leaves it. */
  pickModel(): Promise<string | undefined>;
  run(id: number, run: PanelRun): Promise<Reply<RunResult>>;
  cancel(id: number): Promise<void>;
  /** A run that is paused keeps its place; others run meanwhile. */
  pause(id: number, paused: boolean): Promise<void>;
  /** Restarts the child process after a crash. */
  restart(): Promise<void>;
  /** Asks where to, makes the report and writes it; the file's path, or undefined when the user leaves the dialog. */
  saveReport(id: number, report: PanelReport): Promise<Reply<string | undefined>>;
  /** Asks where to, and writes: a PNG or GIF file, as its name says. */
  savePicture(name: string, file: Uint8Array): Promise<void>;
  /** Opens a page with all channels of a layer; `image`: by whose activations they can be sorted. */
  openGallery(layer: string, image?: ImageSource): Promise<void>;
  copyText(text: string): Promise<void>;
  /** `layerscope run …` for this run, quoted for a shell. */
  commandLine(run: PanelRun): Promise<string>;
  /** Where the open workspace's code defines this layer. */
  codePlace(layer: string): Promise<CodePlace | undefined>;
  openCode(place: CodePlace): Promise<void>;
  /** Writes NAME.layerscope.json beside the model, and opens the model again. */
  describe(options: OpenOptions): Promise<Reply<ModelSummary>>;
  showLog(): Promise<void>;
}

/** Extension → webview. */
export interface PanelApi {
  progress(id: number, progress: Progress): void;
  /** A lens or a command asks for this layer (default: the one that is shown), tab (a method's id), class number, model to compare with, units. */
  show(layer?: string, tab?: string, target?: number, other?: string, unit?: string): void;
  useImage(image: ImageChoice): void;
  /** The child process has ended; `message` says what to do. */
  crashed(message: string): void;
  restarted(): void;
  /** The model's file has changed since it was opened. */
  changed(): void;
}
