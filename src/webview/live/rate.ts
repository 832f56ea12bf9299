/** Frames of the last seconds. */
const WINDOW = 2000;

/** Counts frames: how many a second, over the last two seconds. */
export class Rate {
  readonly #times: number[] = [];

  /** A frame was shown; `now` in milliseconds. Returns frames a second; 0 after the first one. */
  count(now: number): number {
    this.#times.push(now);
    while (this.#times[0]! < now - WINDOW) this.#times.shift();
    const span = now - this.#times[0]!;
    return span > 0 ? ((this.#times.length - 1) * 1000) / span : 0;
  }
}
