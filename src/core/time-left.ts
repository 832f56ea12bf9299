/** Milliseconds that say how fast something is; less says how long it takes to begin. */
const ENOUGH = 2000;

/** How long something still takes, by how fast it has been since it began. */
export class TimeLeft {
  #first: { readonly at: number; readonly done: number } | undefined;
  #pausedAt: number | undefined;
  #paused = 0;

  /** Time that passes while it is paused says nothing of how fast it is. `now`: milliseconds. */
  pause(paused: boolean, now: number): void {
    if (paused) this.#pausedAt ??= now;
    else if (this.#pausedAt !== undefined) {
      this.#paused += now - this.#pausedAt;
      this.#pausedAt = undefined;
    }
  }

  /** Seconds; undefined until there is something to go by. What was done at the first call took no time. */
  seconds({ done, total }: { readonly done: number; readonly total: number }, now: number): number | undefined {
    const time = (this.#pausedAt ?? now) - this.#paused;
    this.#first ??= { at: time, done };
    const { at, done: before } = this.#first;
    return done > before && time - at >= ENOUGH ? ((time - at) / 1000 / (done - before)) * (total - done) : undefined;
  }
}

/** `40 s`, `3 min`, `1 h 5 min`. */
export function showTime(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
