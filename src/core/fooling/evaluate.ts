import { answersOf, answerTensors, type ClassScores } from '../classes.ts';
import { shareOut } from '../engines/lanes/share.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { float32 } from '../graph/tensor.ts';
import { imageToInput } from '../images/preprocess.ts';
import type { ModelInput } from '../model.ts';
import { planPasses } from '../occlusion/plan.ts';
import type { Session } from '../session.ts';
import type { Frame } from '../stimuli/recipe.ts';

/** Batches in each lane, the one that runs among them: pictures are painted while others are looked at. */
const WAITING = 2;

/** Asks a classifier what it takes pictures for: in batches, in all lanes where there is much to do. */
export class Judge {
  readonly #tensors: readonly string[];
  readonly #plan: ReturnType<typeof planPasses>;
  readonly #places: readonly { readonly pictures: Float32Array; readonly inputs: Float32Array }[];

  /** @param passes  pictures of the whole run */
  constructor(
    readonly session: Session,
    readonly output: string,
    readonly input: ModelInput,
    readonly frame: Frame,
    passes: number,
  ) {
    this.#tensors = answerTensors(session, output);
    this.#plan = planPasses(session, this.#program(), 0, passes);
    const { copies, lanes } = this.#plan;
    const size = copies * frame.channels * frame.area;
    this.#places = Array.from({ length: lanes > 1 ? WAITING * lanes : 1 }, () => {
      return { pictures: new Float32Array(size), inputs: new Float32Array(size) };
    });
  }

  /**
   * Tells what the network takes each picture for, as soon as it is known. A picture is made when its turn comes and is seen as
   * a file holds it, in bytes. Ends after a batch when `stopped` says so; yields after each batch.
   */
  async *judge<Item>(
    items: Iterable<Item>,
    paint: (item: Item, picture: Float32Array) => void,
    tell: (item: Item, answer: ClassScores) => void,
    stopped: () => boolean,
  ): AsyncGenerator<void, void, void> {
    const { copies, fixed, lanes } = this.#plan;
    const { channels, area } = this.frame;
    const size = channels * area;
    const { input: preprocessing } = this.session.description;
    const run = async (batch: readonly Item[], place: number) => {
      const { pictures, inputs } = this.#places[place]!;
      batch.forEach((item, n) => paint(item, pictures.subarray(n * size, (n + 1) * size)));
      const count = fixed ? copies : batch.length;
      const used = pictures.subarray(0, count * size);
      inBytes(used);
      imageToInput(used, inputs.subarray(0, count * size), { channels, area, preprocessing });
      const feeds = {
        [this.input.name]: float32(inputs.subarray(0, count * size), [count, channels, ...this.frame.size]),
      };
      const key = `classes(${this.#tensors.join()},${this.frame.size.join('x')})`;
      const found = await this.session.run(key, () => this.#program(), feeds, lanes > 1 ? { lane: place % lanes } : {});
      const answers = answersOf(this.session, this.output, found);
      batch.forEach((item, n) => tell(item, answers[n]!));
    };
    yield* shareOut(inBatches(items, copies, stopped), this.#places.length, run);
  }

  #program() {
    return prune(withInputSize(this.session.model.graph, this.input.name, ...this.frame.size), this.#tensors);
  }
}

/** Rounds values 0..1 to what a byte can say. */
export function inBytes(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    values[i] = Math.floor(255 * (value < 0 ? 0 : value > 1 ? 1 : value) + 0.5) / 255;
  }
}

function* inBatches<Item>(items: Iterable<Item>, size: number, stopped: () => boolean): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    if (stopped()) return;
    yield batch;
    batch = [];
  }
  if (batch.length > 0 && !stopped()) yield batch;
}
