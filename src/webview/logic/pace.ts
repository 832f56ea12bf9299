/** How long work will take, by its pace so far; while it is paused its clock stands. */
export class Pace {
  /** Milliseconds at work before `#since`. */
  #worked = 0;
  #since: number | undefined;
  /** The first that was told, so that what came before it (compiling) does not count. */
  #first: { readonly done: number; readonly worked: number } | undefined;

  /** Milliseconds that are left, once that can be said. Times are of one clock, in milliseconds. */
  left(done: number, total: number, now: number): number | undefined {
    this.#since ??= now;
    const worked = this.#worked + now - this.#since;
    this.#first ??= { done, worked };
    const steps = done - this.#first.done;
    return steps > 0 ? ((worked - this.#first.worked) / steps) * (total - done) : undefined;
  }

  pause(now: number): void {
    if (this.#since !== undefined) this.#worked += now - this.#since;
    this.#since = undefined;
  }
}

/** `12 s left`, `3 min left`: no finer than it is known. */
export function formatLeft(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1.5) return '1 s left';
  if (seconds < 90) return `${seconds < 20 ? Math.round(seconds) : Math.round(seconds / 5) * 5} s left`;
  return `${Math.round(seconds / 60)} min left`;
}
