import { cancelledError } from '../core/errors.ts';

/** One thing computes at a time, in the order asked; what waits or runs can be cancelled by its id. */
export class Queue {
  readonly #jobs = new Map<number, AbortController>();
  #last: Promise<void> = Promise.resolve();

  /** Rejects with a cancelled error at once when it is cancelled before its turn has come. */
  add<T>(id: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#jobs.set(id, abort);
    return new Promise<T>((resolve, reject) => {
      abort.signal.addEventListener('abort', () => {
        if (!started) reject(cancelledError());
      });
      let started = false;
      this.#last = this.#last.then(async () => {
        started = true;
        try {
          if (!abort.signal.aborted) resolve(await work(abort.signal));
        } catch (error) {
          reject(error);
        } finally {
          this.#jobs.delete(id);
        }
      });
    });
  }

  cancel(id: number): void {
    this.#jobs.get(id)?.abort();
  }
}
