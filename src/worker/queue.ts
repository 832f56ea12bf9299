import { cancelledError } from '../core/errors.ts';
import { Gate } from '../core/gate.ts';

/**
 * Short calls (a model's summary, an image's classes) go before what takes long, and between its steps. What nobody waits for, `page`
 * before `background`, gives way to everything before it, between two steps too.
 */
const LENGTHS = ['short', 'long', 'page', 'background'] as const;
export type Length = (typeof LENGTHS)[number];

/** What waits for its turn: until `run` resolves, nothing else of its length has one. */
interface Job {
  readonly id: number;
  readonly length: Length;
  run(): Promise<void>;
  drop(): void;
}

/** What has begun: how it is told to stop or to wait, and who is told when it leaves its turn to others. */
interface Begun {
  readonly abort: AbortController;
  /** Shut while the user wants a pause. */
  readonly wish: Gate;
  /** What the work waits at: shut while the user wants a pause, and while others have the turn. */
  readonly gate: Gate;
  readonly length: Length;
  isAside: boolean;
  leave(): void;
}

/** One thing computes at a time; what waits or runs can be cancelled by its id, and what takes steps can be paused. */
export class Queue {
  readonly #begun = new Map<number, Begun>();
  #waiting: Job[] = [];
  #busy = false;

  /** Rejects with a cancelled error at once when it is cancelled before its turn has come. */
  add<T>(id: number, length: Length, work: (signal: AbortSignal, gate: Gate) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const gate = new Gate();
    this.#begun.set(id, { abort, wish: new Gate(), gate, length, isAside: false, leave: () => {} });
    return new Promise<T>((resolve, reject) => {
      const drop = () => {
        this.#begun.delete(id);
        reject(cancelledError());
      };
      const run = () =>
        this.#turn(id, () => {
          void work(abort.signal, gate)
            .then(resolve, reject)
            .finally(() => {
              this.#begun.get(id)!.leave();
              this.#begun.delete(id);
            });
        });
      this.#waiting.push({ id, length, run, drop });
      void this.#work();
    });
  }

  cancel(id: number): void {
    const waits = this.#waiting.find((job) => job.id === id);
    this.#waiting = this.#waiting.filter((job) => job !== waits);
    const begun = this.#begun.get(id);
    begun?.abort.abort();
    begun?.wish.resume();
    begun?.gate.resume();
    waits?.drop();
  }

  /** What is paused waits after its next step, and leaves its turn to others; what has not begun waits after its first. */
  pause(id: number, paused: boolean): void {
    const begun = this.#begun.get(id);
    if (!begun) return;
    if (paused) {
      begun.wish.pause();
      begun.gate.pause();
    } else {
      begun.wish.resume();
      if (!begun.isAside) begun.gate.resume();
    }
  }

  /** A long job calls it between two steps: messages come in, the short ones that wait are done first, a pause ends. */
  async step(id: number): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    for (let job = this.#take('short'); job; job = this.#take('short')) await job.run();
    const begun = this.#begun.get(id);
    while (begun && this.#isToLeave(begun)) await this.#stepAside(id, begun);
  }

  /** What is paused leaves its turn to others; what nobody waits for, also to those that somebody waits for. */
  #isToLeave({ abort, wish, length }: Begun): boolean {
    if (abort.signal.aborted) return false;
    if (wish.paused) return true;
    if (length !== 'page' && length !== 'background') return false;
    const before = LENGTHS.slice(0, LENGTHS.indexOf(length));
    return this.#waiting.some((job) => before.includes(job.length));
  }

  /** Leaves its turn, and waits for another one; cancelled, it ends between the steps of others. */
  async #stepAside(id: number, begun: Begun): Promise<void> {
    begun.isAside = true;
    begun.gate.pause();
    begun.leave();
    await begun.wish.passed();
    await this.#nextTurn(id, begun.abort.signal.aborted ? 'short' : begun.length);
    begun.isAside = false;
    if (!begun.wish.paused) begun.gate.resume();
  }

  /** Waits for another turn; cancelled meanwhile, it has one soon, to end. */
  #nextTurn(id: number, length: Length): Promise<void> {
    return new Promise<void>((goOn) => {
      this.#waiting.push({
        id,
        length,
        run: () => this.#turn(id, goOn),
        drop: () => void this.#nextTurn(id, 'short').then(goOn),
      });
      void this.#work();
    });
  }

  /** Lets something work, until it ends or leaves its turn to others. */
  #turn(id: number, begin: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#begun.get(id)!.leave = resolve;
      begin();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let job = this.#next(); job; job = this.#next()) await job.run();
    this.#busy = false;
  }

  #next(): Job | undefined {
    for (const length of LENGTHS) {
      const job = this.#take(length);
      if (job) return job;
    }
    return undefined;
  }

  #take(length: Length): Job | undefined {
    const job = this.#waiting.find((candidate) => candidate.length === length);
    this.#waiting = this.#waiting.filter((candidate) => candidate !== job);
    return job;
  }
}
