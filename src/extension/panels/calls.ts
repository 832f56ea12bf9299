/** What a page has asked for and not got yet, by the page's ids. */
export class Calls {
  readonly #running = new Map<number, AbortController>();

  /** Does the work with a signal that `cancel(id)` aborts. */
  async with<T>(id: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      return await work(controller.signal);
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  /** For a page that is gone: its ids begin anew in the next one. */
  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
