import type { PanelHostApi } from '../../protocol/panel.ts';
import type { LiveFrame } from '../../protocol/worker.ts';
import { Rate } from './rate.ts';
import type { Frame, FrameSource } from './sources.ts';

/** Ids of these calls: far from those of others, as cancelling goes by id. */
let nextId = 4_000_000;

/** Frames on their way through the network: never more than one at a time, so the machine sets the pace. */
export class Live {
  /** Whether the pane is shown. */
  on = $state(false);
  source = $state.raw<FrameSource>();
  /** What was sent last, and what came back. */
  frame = $state.raw<Frame>();
  answer = $state.raw<LiveFrame>();
  /** Frames a second. */
  rate = $state(0);
  trouble = $state<string>();
  readonly #rate = new Rate();

  constructor(
    private readonly host: () => PanelHostApi,
    private readonly layer: () => string | undefined,
  ) {}

  start(): void {
    this.on = true;
  }

  stop(): void {
    this.on = false;
    this.#end();
    this.frame = undefined;
    this.answer = undefined;
  }

  /** Shows frames of a source until it ends, another one is chosen, or something fails. Never rejects. */
  async play(open: () => FrameSource | Promise<FrameSource>): Promise<void> {
    this.#end();
    try {
      const source = await open();
      if (!this.on) return source.dispose();
      this.source = source;
      while (this.source === source) {
        const frame = await source.next();
        if (!frame || this.source !== source) break;
        await this.#show(frame, source);
      }
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      this.source?.dispose();
      this.source = undefined;
    }
  }

  async #show(frame: Frame, source: FrameSource): Promise<void> {
    const layer = this.layer();
    if (layer === undefined) throw new Error('Choose a layer in the network.');
    const reply = await this.host().live(nextId++, layer, frame);
    if (this.source !== source) return;
    if (!reply.ok) throw new Error(reply.message);
    this.frame = frame;
    this.answer = reply.value;
    this.rate = this.#rate.count(performance.now());
  }

  #end(): void {
    this.source?.dispose();
    this.source = undefined;
    this.trouble = undefined;
    this.rate = 0;
    this.#rate.reset();
  }
}
