/** Tells whether a call is paused: now, and at each change. */
export class Pauses {
  #paused = false;
  #listener: ((paused: boolean) => void) | undefined;

  set(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#listener?.(paused);
  }

  /** One listener, told at once where it is paused already. */
  listen(listener: (paused: boolean) => void): void {
    this.#listener = listener;
    if (this.#paused) listener(true);
  }
}
