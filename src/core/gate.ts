/** Where work that can be paused waits between two steps. */
export class Gate {
  #shut: Promise<void> | undefined;
  #open: () => void = () => {};

  get paused(): boolean {
    return this.#shut !== undefined;
  }

  pause(): void {
    this.#shut ??= new Promise((resolve) => (this.#open = resolve));
  }

  resume(): void {
    this.#shut = undefined;
    this.#open();
  }

  /** Resolves when the work may go on; at once where it is not paused. */
  async passed(): Promise<void> {
    while (this.#shut) await this.#shut;
  }
}
