import type { Progress } from '../core/request.ts';
import { showTime, TimeLeft } from '../core/time-left.ts';

const BAR = 30;
const LINE_EVERY = 5000;
const BAR_EVERY = 100;

/** Drives what takes steps to its end, with progress on stderr: a bar on a terminal, a line every 5 s elsewhere, nothing when quiet. */
export async function follow<T>(name: string, steps: AsyncGenerator<Progress, T>, quiet = false): Promise<T> {
  const report = quiet ? undefined : new ProgressReport(name);
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      report?.update(step.value);
      await new Promise(setImmediate); // a signal is only heard between two turns of the event loop
    }
  } finally {
    report?.end();
  }
}

class ProgressReport {
  readonly #started = performance.now();
  readonly #isTerminal = process.stderr.isTTY === true;
  readonly #left = new TimeLeft();
  #last: number;
  #drawn = false;

  constructor(readonly name: string) {
    this.#last = this.#isTerminal ? -Infinity : this.#started;
  }

  update({ done, total, doing = this.name }: Progress): void {
    const now = performance.now();
    const left = this.#left.seconds({ done, total }, now);
    if (now - this.#last < (this.#isTerminal ? BAR_EVERY : LINE_EVERY)) return;
    this.#last = now;
    const spent = `${((now - this.#started) / 1000).toFixed(0)} s`;
    const time = left === undefined ? spent : `${spent}, ${showTime(left)} left`;
    if (!this.#isTerminal) {
      process.stderr.write(`${doing}: ${Math.floor(done)} of ${total}, ${time}\n`);
      return;
    }
    const filled = Math.round((BAR * done) / Math.max(total, 1));
    const bar = '█'.repeat(filled) + ' '.repeat(BAR - filled);
    process.stderr.write(`\r\x1b[K${doing} [${bar}] ${Math.floor(done)}/${total} ${time} `);
    this.#drawn = true;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) process.stderr.write('\r\x1b[K');
  }
}
