import { cancelledError } from '../core/errors.ts';

/** Short calls (a model's summary, an image's classes) go before what takes long, and between its steps. */
export type Length = 'short' | 'long';

interface Job {
  readonly id: number;
  readonly length: Length;
  run(): Promise<void>;
  drop(): void;
}

/** One thing computes at a time; what waits or runs can be cancelled by its id. */
export class Queue {
  readonly #aborts = new Map<number, AbortController>();
  #waiting: Job[] = [];
  #busy = false;

  /** Rejects with a cancelled error at once when it is cancelled before its turn has come. */
  add<T>(id: number, length: Length, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        id,
        length,
        run: () =>
          work(abort.signal)
            .then(resolve, reject)
            .finally(() => this.#aborts.delete(id)),
        drop: () => {
          this.#aborts.delete(id);
          reject(cancelledError());
        },
      });
      void this.#work();
    });
  }

  cancel(id: number): void {
    const waits = this.#waiting.find((job) => job.id === id);
    this.#waiting = this.#waiting.filter((job) => job !== waits);
    if (waits) waits.drop();
    else this.#aborts.get(id)?.abort();
  }

  /** A long job calls it between two steps: messages come in, and the short ones that wait are done first. */
  async step(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    for (let job = this.#take('short'); job; job = this.#take('short')) await job.run();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let job = this.#next(); job; job = this.#next()) await job.run();
    this.#busy = false;
  }

  #next(): Job | undefined {
    return this.#take('short') ?? this.#take('long');
  }

  #take(length: Length): Job | undefined {
    const job = this.#waiting.find((candidate) => candidate.length === length);
    this.#waiting = this.#waiting.filter((candidate) => candidate !== job);
    return job;
  }
}
