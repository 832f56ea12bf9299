const BAR = 30;
const LINE_EVERY = 5000;
const BAR_EVERY = 100;

/** Progress on stderr: a bar on a terminal, a line every 5 s elsewhere, nothing when quiet. */
export class ProgressReport {
  readonly #started = performance.now();
  readonly #isTerminal = process.stderr.isTTY === true;
  #last: number;
  #drawn = false;

  constructor(
    readonly name: string,
    readonly quiet: boolean,
  ) {
    this.#last = this.#isTerminal ? -Infinity : this.#started;
  }

  update(done: number, total: number, doing = this.name): void {
    const now = performance.now();
    if (this.quiet || now - this.#last < (this.#isTerminal ? BAR_EVERY : LINE_EVERY)) return;
    this.#last = now;
    const seconds = ((now - this.#started) / 1000).toFixed(0);
    if (!this.#isTerminal) {
      process.stderr.write(`${doing}: ${done} of ${total}, ${seconds} s\n`);
      return;
    }
    const filled = Math.round((BAR * done) / Math.max(total, 1));
    process.stderr.write(
      `\r\x1b[K${doing} [${'█'.repeat(filled)}${' '.repeat(BAR - filled)}] ${done}/${total} ${seconds} s `,
    );
    this.#drawn = true;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) process.stderr.write('\r\x1b[K');
  }
}
