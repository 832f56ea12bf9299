import { Pauses } from '../pauses.ts';

/** What a page has asked for and not got yet, by the page's ids. */
export class Calls {
  readonly #running = new Map<number, { readonly controller: AbortController; readonly pauses: Pauses }>();

  /** Does the work with a signal that `cancel(id)` aborts, and what `pause(id)` tells. */
  async with<T>(id: number, work: (signal: AbortSignal, pauses: Pauses) => Promise<T>): Promise<T> {
    const call = { controller: new AbortController(), pauses: new Pauses() };
    this.#running.set(id, call);
    try {
      return await work(call.controller.signal, call.pauses);
    } finally {
      if (this.#running.get(id) === call) this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.controller.abort();
  }

  pause(id: number, paused: boolean): void {
    this.#running.get(id)?.pauses.set(paused);
  }

  /** For a page that is gone: its ids begin anew in the next one. */
  cancelAll(): void {
    for (const { controller } of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
