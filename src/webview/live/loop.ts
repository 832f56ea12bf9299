import type { LiveFrame, Reply } from '../../protocol/worker.ts';
import { Rate } from './rate.ts';
import type { Frame, FrameSource } from './sources.ts';

interface Events {
  /** Sends a frame through the network. */
  ask(frame: Frame): Promise<Reply<LiveFrame>>;
  /** A frame, what came back, and how many there are a second. */
  show(frame: Frame, answer: LiveFrame, rate: number): void;
  /** Another source, or none any more; with what went wrong. */
  changed(source: FrameSource | undefined, trouble?: string): void;
}

/** Frames on their way through the network: never more than one at a time, so the machine sets the pace. */
export class FrameLoop {
  #source: FrameSource | undefined;
  /** Grows with every start and end: what began before it does not count any more. */
  #turn = 0;

  constructor(private readonly events: Events) {}

  /** Shows frames of a source until it ends, another one is played, or something fails. Never rejects. */
  async play(open: () => FrameSource | Promise<FrameSource>): Promise<void> {
    this.end();
    const mine = this.#turn;
    const rate = new Rate();
    let source: FrameSource | undefined;
    let trouble: string | undefined;
    try {
      source = await open();
      if (mine !== this.#turn) return source.dispose();
      this.#source = source;
      this.events.changed(source);
      for (;;) {
        const frame = await source.next();
        if (!frame || mine !== this.#turn) break;
        const reply = await this.events.ask(frame);
        if (mine !== this.#turn) break;
        if (!reply.ok) throw new Error(reply.message);
        this.events.show(frame, reply.value, rate.count(performance.now()));
      }
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    if (mine === this.#turn) this.end(trouble);
  }

  end(trouble?: string): void {
    this.#turn++;
    this.#source?.dispose();
    this.#source = undefined;
    this.events.changed(undefined, trouble);
  }
}
