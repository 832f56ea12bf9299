import { fork, type ChildProcess } from 'node:child_process';
import { createBirpc, type BirpcReturn } from 'birpc';
import type {
  Connections,
  ImageSource,
  ImageSummary,
  LayerPreview,
  LiveFrame,
  MethodSummary,
  ModelComparison,
  ModelSummary,
  OpenOptions,
  Progress,
  Reply,
  ReportRequest,
  RunRequest,
  RunResult,
  Thumbnail,
  ThumbnailRequest,
  WorkerApi,
  WorkerEvents,
} from '../protocol/worker.ts';
import type { AllThumbnails, GalleryFile, GalleryRequest, ModelThumbnails, TilesRequest } from '../protocol/gallery.ts';
import type { Pauses } from './pauses.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly pauses?: Pauses | undefined;
}

export interface WorkerClientOptions {
  /** The program: `dist/worker.cjs`. */
  readonly file: string;
  /** Where it may keep what it measured. */
  readonly cacheFolder?: string;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
  /** The process has ended by itself; `message` is for the user. */
  onCrash(message: string): void;
}

/** How long a cancelled call may go on before its process is killed. */
const CANCEL_GRACE = 1000;
/** How long the process outlives its last user, so that moving a tab restarts nothing. */
const IDLE_GRACE = 5000;

/** How many of the last lines on stderr a crash's message may quote. */
const KEPT_LINES = 20;

interface Connection {
  readonly child: ChildProcess;
  readonly rpc: BirpcReturn<WorkerApi, WorkerEvents>;
  /** Resolves, with what is told to those who wait, when the process has ended. */
  readonly ended: Promise<Reply<never>>;
  /** Whether it was ended for the sake of a call that was cancelled: the others are asked again. */
  forced: boolean;
}

const cancelled: Reply<never> = { ok: false, kind: 'cancelled', message: 'Cancelled.' };

/**
 * The child process as the extension sees it: started when first needed, one for all panels. Never rejects: failures,
 * cancelling and a crash come back as replies. A call that does not end within a second of its cancelling is ended by
 * force, with the process; what else was asked of it is asked of another one.
 */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #progress = new Map<number, (progress: Progress) => void>();
  #connection: Connection | undefined;
  #nextId = 1;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
  }

  open(model: string, options?: OpenOptions): Promise<Reply<ModelSummary>> {
    return this.#call({}, (rpc) => rpc.open(model, options));
  }

  methods(): Promise<Reply<readonly MethodSummary[]>> {
    return this.#call({}, (rpc) => rpc.methods());
  }

  classify(
    model: string,
    image: ImageSource,
    options?: OpenOptions,
    call: CallOptions = {},
  ): Promise<Reply<ImageSummary>> {
    return this.#call(call, (rpc, id) => rpc.classify(id, model, image, options));
  }

  previews(
    model: string,
    image?: ImageSource,
    options?: OpenOptions,
    call: CallOptions = {},
  ): Promise<Reply<readonly LayerPreview[]>> {
    return this.#call(call, (rpc, id) => rpc.previews(id, model, image, options));
  }

  connections(model: string, layer: string, unit: number, options?: OpenOptions): Promise<Reply<Connections>> {
    return this.#call({}, (rpc) => rpc.connections(model, layer, unit, options));
  }

  live(
    model: string,
    layer: string,
    frame: ImageSource,
    options?: OpenOptions,
    call: CallOptions = {},
  ): Promise<Reply<LiveFrame>> {
    return this.#call(call, (rpc, id) => rpc.live(id, model, layer, frame, options));
  }

  /** `options`: of the other model. */
  compare(request: RunRequest, options?: OpenOptions, call: CallOptions = {}): Promise<Reply<ModelComparison>> {
    return this.#call(call, (rpc, id) => rpc.compare(id, request, options));
  }

  run(request: RunRequest, call: CallOptions = {}): Promise<Reply<RunResult>> {
    return this.#call(call, (rpc, id) => rpc.run(id, request));
  }

  report(request: ReportRequest, call: CallOptions = {}): Promise<Reply<string>> {
    return this.#call(call, (rpc, id) => rpc.report(id, request));
  }

  thumbnails(request: ThumbnailRequest, call: CallOptions = {}): Promise<Reply<readonly Thumbnail[] | undefined>> {
    return this.#call(call, (rpc, id) => rpc.thumbnails(id, request));
  }

  tiles(request: TilesRequest, call: CallOptions = {}): Promise<Reply<readonly (Uint8Array | undefined)[]>> {
    return this.#call(call, (rpc, id) => rpc.tiles(id, request));
  }

  strengths(
    model: string,
    layer: string,
    image: ImageSource,
    options?: OpenOptions,
    call: CallOptions = {},
  ): Promise<Reply<readonly number[]>> {
    return this.#call(call, (rpc, id) => rpc.strengths(id, model, layer, image, options));
  }

  allThumbnails(request: ModelThumbnails, call: CallOptions = {}): Promise<Reply<AllThumbnails>> {
    return this.#call(call, (rpc, id) => rpc.allThumbnails(id, request));
  }

  gallery(request: GalleryRequest, call: CallOptions = {}): Promise<Reply<GalleryFile>> {
    return this.#call(call, (rpc, id) => rpc.gallery(id, request));
  }

  /** Keeps the process while somebody may need it. */
  acquire(): { dispose(): void } {
    this.#users++;
    clearTimeout(this.#idle);
    let held = true;
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        if (--this.#users === 0) this.#idle = setTimeout(() => this.#end('SIGTERM'), IDLE_GRACE).unref();
      },
    };
  }

  /** Ends the process, if there is one; the next call starts another. */
  async restart(): Promise<void> {
    const { ended } = this.#connection ?? {};
    this.#end('SIGKILL');
    await ended;
  }

  dispose(): void {
    clearTimeout(this.#idle);
    this.#end('SIGKILL');
  }

  /** The process's id, for tests and for the log. */
  get pid(): number | undefined {
    return this.#connection?.child.pid;
  }

  async #call<T>(
    options: CallOptions,
    work: (rpc: Connection['rpc'], id: number) => Promise<Reply<T>>,
  ): Promise<Reply<T>> {
    const { signal, onProgress, pauses } = options;
    if (signal?.aborted) return cancelled;
    const user = this.acquire();
    const id = this.#nextId++;
    const connection = (this.#connection ??= this.#start());
    if (onProgress) this.#progress.set(id, onProgress);
    let force: NodeJS.Timeout | undefined;
    const cancel = () => {
      void connection.rpc.cancel(id);
      force = setTimeout(() => {
        this.#options.log('warn', `Call ${id} did not end when it was cancelled: the process is started anew.`);
        connection.forced = true;
        connection.child.kill('SIGKILL');
        if (this.#connection === connection) this.#connection = undefined;
      }, CANCEL_GRACE);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const replied = work(connection.rpc, id);
      pauses?.listen((paused) => void connection.rpc.pause(id, paused));
      const reply = await Promise.race([replied, connection.ended]);
      if (reply.ok || reply.kind !== 'crashed') return reply;
      if (signal?.aborted) return cancelled;
      return connection.forced ? await this.#call(options, work) : reply;
    } catch (error) {
      return { ok: false, kind: 'defect', message: String(error) };
    } finally {
      clearTimeout(force);
      signal?.removeEventListener('abort', cancel);
      this.#progress.delete(id);
      user.dispose();
    }
  }

  #start(): Connection {
    const { log, onCrash, file, cacheFolder } = this.#options;
    const child = fork(file, [], {
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...(cacheFolder && { LAYERSCOPE_CACHE: cacheFolder }) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    log('info', `Started the child process ${child.pid}.`);
    const lines: string[] = [];
    const keep = (text: Buffer) => {
      for (const line of String(text).split('\n').filter(Boolean)) {
        log('info', line);
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
      }
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const rpc = createBirpc<WorkerApi, WorkerEvents>(
      { progress: (id, progress) => this.#progress.get(id)?.(progress), log },
      {
        post: (message) => {
          if (child.connected) child.send(message);
        },
        on: (receive) => child.on('message', receive),
        timeout: -1,
      },
    );
    const ended = new Promise<Reply<never>>((resolve) => {
      const end = (why: string) => {
        log('info', `The child process ${child.pid} has ended: ${why}.`);
        const ours = this.#connection?.child !== child;
        if (!ours) this.#connection = undefined;
        const message = `The computing process ended (${why}). Restart it and try again; the log may say more.`;
        resolve({ ok: false, kind: 'crashed', message, stack: lines.join('\n') });
        if (!ours) onCrash(message);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit status ${code}`));
    });
    return { child, rpc, ended, forced: false };
  }

  /** Ends the process on purpose: nobody is told of a crash. */
  #end(how: NodeJS.Signals): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.child.kill(how);
  }
}
