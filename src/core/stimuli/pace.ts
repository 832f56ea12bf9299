/** Of the time, what pictures on the way may take: one part in so many. */
const SHARE = 10;

/** Says when a picture on the way is due: each `between` milliseconds, less often where many or large ones take long to make. */
export class Pace {
  #due: number;

  /** @param first  milliseconds until the first one */
  constructor(
    readonly between: number,
    first = between,
  ) {
    this.#due = performance.now() + first;
  }

  /** What `make` makes, if it is due. */
  picture<Made>(make: () => Made): Made | undefined {
    const now = performance.now();
    if (now < this.#due) return undefined;
    const made = make();
    const end = performance.now();
    this.#due = end + Math.max(this.between, (SHARE - 1) * (end - now));
    return made;
  }
}
