import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type * as ort from 'onnxruntime-node';
import type { Answer, Call, Fed, Message, Packed } from './messages.ts';

type Request = Call extends infer Each ? (Each extends Call ? Omit<Each, 'id'> : never) : never;

/** How many lanes are worth having: three keep two cores busy while one waits for the calling thread; more wait for that. */
export const LANES = os.availableParallelism() > 1 ? 3 : 1;

/** Threads of a session in a lane. */
export const LANE_THREADS = Math.max(1, Math.floor(os.availableParallelism() / LANES));

const lanes = new Map<number, Lane>();

/** A thread of its own for sessions of ONNX Runtime; started when it is first asked for, and no reason to stay alive. */
export function laneOf(index: number): Lane {
  const known = lanes.get(index);
  if (known) return known;
  const lane: Lane = new Lane(() => {
    if (lanes.get(index) === lane) lanes.delete(index);
  });
  lanes.set(index, lane);
  return lane;
}

export class Lane {
  readonly #worker = startThread();
  readonly #waiting = new Map<number, { resolve(value: Answer['value']): void; reject(error: Error): void }>();
  /** By program and name: what was last fed as constant. */
  readonly #kept = new Map<number, Map<string, Packed['data']>>();
  #calls = 0;
  #programs = 0;
  #ended: Error | undefined;
  readonly #fail: (error: Error) => void;

  constructor(ended: () => void) {
    this.#worker.unref();
    this.#worker.on('message', ({ id, value, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#worker.unref();
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
    this.#fail = (error: Error) => {
      this.#ended ??= error;
      ended();
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      this.#worker.unref();
    };
    this.#worker.on('error', this.#fail);
    this.#worker.on('exit', () => this.#fail(new Error('its thread has ended')));
  }

  /** Makes a session of a program; gives the program's number here, and the names of its inputs. */
  async compile(bytes: Uint8Array, options: ort.InferenceSession.SessionOptions) {
    const program = this.#programs++;
    this.#kept.set(program, new Map());
    const value = await this.#call({ kind: 'compile', program, bytes, options });
    return { program, inputs: value!.inputs! };
  }

  async run(program: number, given: Readonly<Record<string, Fed>>, fetches: readonly string[]) {
    const kept = this.#kept.get(program)!;
    const feeds = Object.fromEntries(
      Object.entries(given).map(([name, feed]) => {
        if (feed.constant && kept.get(name) === feed.data) return [name, 'kept' as const];
        if (feed.constant) kept.set(name, feed.data);
        return [name, feed];
      }),
    );
    return (await this.#call({ kind: 'run', program, feeds, fetches }))!.results!;
  }

  async release(program: number): Promise<void> {
    this.#kept.delete(program);
    await this.#call({ kind: 'release', program });
  }

  /** Gives the thread up, what waits fails. It ends after its last run: a thread that is ended in one takes the process with it. */
  end(): void {
    this.#fail(new Error('its thread has ended'));
    this.#worker.postMessage({ kind: 'end' } satisfies Message);
  }

  #call(request: Request): Promise<Answer['value']> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#calls++;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id } as Call);
    });
  }
}

/** The bundle beside this one; from sources, the source itself, which Node reads with tsx. */
function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./lane.cjs', import.meta.url));
  const source = JSON.stringify(new URL('./thread.ts', import.meta.url).href);
  return new Worker(`import('tsx/esm/api').then(({ register }) => (register(), import(${source})));`, { eval: true });
}
