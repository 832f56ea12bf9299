import type { PanelHostApi } from '../../protocol/panel.ts';
import type { LiveFrame } from '../../protocol/worker.ts';
import { FrameLoop } from './loop.ts';
import type { Frame, FrameSource } from './sources.ts';

/** Ids of these calls: far from those of others, as cancelling goes by id. */
let nextId = 4_000_000;

/** What is seen of frames that go through the network. */
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
  readonly #loop: FrameLoop;

  constructor(host: () => PanelHostApi, layer: () => string | undefined) {
    this.#loop = new FrameLoop({
      ask: async (frame) => host().live(nextId++, layer() ?? '', frame),
      show: (frame, answer, rate) => Object.assign(this, { frame, answer, rate }),
      changed: (source, trouble) => Object.assign(this, { source, trouble, rate: 0 }),
    });
  }

  start(): void {
    this.on = true;
  }

  stop(): void {
    this.on = false;
    this.#loop.end();
    this.frame = undefined;
    this.answer = undefined;
  }

  /** Never rejects: what goes wrong is `trouble`. */
  play(open: () => FrameSource | Promise<FrameSource>): Promise<void> {
    return this.#loop.play(open);
  }
}
