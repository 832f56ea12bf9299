/* eslint-disable svelte/prefer-svelte-reactivity -- these maps and sets are replaced as a whole, or never shown */
import type { PanelHostApi, PanelRun } from '../../protocol/panel.ts';
import type { Progress, Provenance, Reply, RunResult } from '../../protocol/worker.ts';
import type { Result } from '../../core/results.ts';
import { Latest } from '../logic/latest.ts';
import { Pace } from '../logic/pace.ts';
import { namedShortly } from '../logic/message.ts';
import type { Reel } from '../logic/reel.ts';
import { Remembered } from '../logic/remembered.ts';

export type Failure = Extract<Reply<never>, { ok: false }>;
export type RunStatus = 'running' | 'done' | 'cancelled' | 'failed';

/** One run, as it is seen: what there is of it, and how far it is. */
export class Run {
  status = $state<RunStatus>('running');
  done = $state(0);
  total = $state(0);
  paused = $state(false);
  /** Milliseconds that it will still take, once that can be said. */
  left = $state<number>();
  readonly #pace = new Pace();
  result = $state.raw<Result>();
  provenance = $state.raw<Provenance>();
  failure = $state.raw<Failure>();
  /** Resolves when nothing more will come; never rejects. */
  settled: Promise<void> = Promise.resolve();

  constructor(
    readonly request: PanelRun,
    /** Keeps the pictures on the way. */
    private readonly reel?: Reel,
  ) {}

  progress({ done, total, partial }: Progress): void {
    this.done = done;
    this.total = total;
    this.left = this.#pace.left(done, total, performance.now());
    if (!partial) return;
    this.result = partial;
    if (partial.kind === 'images') this.reel?.add(partial);
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (paused) this.#pace.pause(performance.now());
  }
}

/** How many finished runs stay in the page; the host has more in its cache. */
const KEPT_RUNS = 16;

/** The runs on screen, each in a slot (a tab, a side picture); a new one in a slot ends the one before. */
export class Runs {
  readonly #latest = new Latest();
  readonly #running = new Map<number, Run>();
  readonly #finished = new Remembered<Run>(KEPT_RUNS);

  constructor(
    private readonly host: () => PanelHostApi,
    private readonly ran: (provenance: Provenance) => void,
  ) {}

  /** The finished run of this key, else a new one. `key` names what is asked for, image included. */
  get(slot: string, key: string, request: PanelRun): Run {
    const known = this.#finished.get(key);
    if (known) {
      this.cancel(slot);
      return known;
    }
    return this.start(slot, key, request);
  }

  finished(key: string): Run | undefined {
    return this.#finished.get(key);
  }

  start(slot: string, key: string, request: PanelRun, reel?: Reel): Run {
    const { id, replaced } = this.#latest.begin(slot);
    if (replaced !== undefined) void this.host().cancel(replaced);
    const run = new Run(request, reel);
    this.#running.set(id, run);
    run.settled = this.host()
      .run(id, request)
      .then(
        (reply) => this.#settle(run, reply, key),
        (error: unknown) => this.#settle(run, { ok: false, kind: 'defect', message: String(error) }, key),
      )
      .finally(() => {
        this.#running.delete(id);
        this.#latest.end(slot, id);
      });
    return run;
  }

  /** Ends what runs in a slot; what it has shown so far stays. */
  cancel(slot: string): void {
    const id = this.#latest.current(slot);
    if (id !== undefined) void this.host().cancel(id);
  }

  /** It waits after its next step, or goes on. */
  pause(slot: string, run: Run, paused: boolean): void {
    const id = this.#latest.current(slot);
    if (id === undefined || run.status !== 'running') return;
    run.pause(paused);
    void this.host().pause(id, paused);
  }

  progress(id: number, progress: Progress): void {
    const run = this.#running.get(id);
    if (run?.status === 'running') run.progress(progress);
  }

  /** After a crash nothing that ran will answer. */
  failAll(failure: Failure): void {
    for (const run of this.#running.values()) {
      run.status = 'failed';
      run.failure = failure;
    }
    this.#running.clear();
  }

  forget(): void {
    this.#finished.clear();
  }

  #settle(run: Run, reply: Reply<RunResult>, key: string): void {
    if (run.status !== 'running') return;
    if (reply.ok) {
      run.result = reply.value.result;
      run.provenance = reply.value.provenance;
      this.ran(reply.value.provenance);
      run.status = reply.value.provenance.partial ? 'cancelled' : 'done';
      if (run.status === 'done') this.#finished.set(key, run);
    } else if (reply.kind === 'cancelled') {
      run.status = 'cancelled';
    } else {
      run.status = 'failed';
      run.failure = namedShortly(reply, [run.request.image, run.request.style]);
    }
  }
}
