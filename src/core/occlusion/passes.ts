import { rowsFor, type Goal } from '../attribution/goal.ts';
import { asMaps } from '../attribution/reduce.ts';
import { shareOut } from '../engines/lanes/share.ts';
import { checkCancelled } from '../errors.ts';
import { float32 } from '../graph/tensor.ts';
import { valueProgram, VALUE } from '../optimization/program.ts';
import { scoreTensor } from '../scores.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { HidingBatch } from './hiding-batch.ts';
import { planPasses } from './plan.ts';
import { coarseToFine, windowCount, type Windows } from './windows.ts';

/** What is known so far of one image. */
export interface Answers {
  /** The objective's value with nothing hidden; NaN: not yet. */
  score: number;
  /** By window, with that window hidden; NaN: not yet. */
  readonly values: Float64Array;
  /** The class that the network takes it for with nothing hidden; −1: not yet, or a unit is explained. */
  seen: number;
  /** The class that the network takes the image for, by window; −1: not yet. Empty where a unit is explained. */
  readonly classes: Int32Array;
}

interface Choice {
  readonly windows: Windows;
  /** What stands in a window, in the input's shape. */
  readonly cover: Float32Array;
  /** Copies that run together; 0: as many as are fast. */
  readonly batch: number;
}

/** Nothing is hidden. */
const NONE = -1;

/**
 * The goal's value for each image as it is and with each window hidden: one forward pass each, pruned to the objective, in all
 * lanes. Windows come coarse to fine; `answers` fills in, an image after the other, and is given from the first window on.
 * Throws a cancelled error after the passes that are under way.
 */
export async function* passes(context: Context, goal: Goal, { windows, cover, batch }: Choice) {
  const { session, image, signal, units, output } = context;
  const [images, channels] = asMaps(image.tensor.shape);
  const count = windowCount(windows);
  const score = units ? undefined : scoreTensor(session.model, output);
  const also = score === undefined ? [] : [score];
  const program = valueProgram(session.model.graph, goal.objective, also);
  const { copies, fixed, lanes } = planPasses(session, program, batch, images * count);
  const key = `value(${goal.objective.key},${also.join()})`;
  const pictures = { data: image.tensor.data, cover, channels, windows };
  const buffers = Array.from({ length: lanes }, () => new HidingBatch(pictures, copies));
  const answers: Answers[] = Array.from({ length: images }, () => ({
    score: NaN,
    seen: -1,
    values: new Float64Array(count).fill(NaN),
    classes: new Int32Array(score === undefined ? 0 : count).fill(-1),
  }));

  const run = async ({ image: n, list }: Task, lane: number) => {
    const filled = fixed ? Array.from({ length: copies }, (_, i) => list[Math.min(i, list.length - 1)]!) : list;
    const found = await session.run(
      key,
      () => program,
      {
        ...rowsFor(context, goal, Array<number>(filled.length).fill(n)),
        [image.input.name]: float32(buffers[lane]!.hide(n, filled), [filled.length, ...image.tensor.shape.slice(1)]),
      },
      lanes > 1 ? { lane } : {},
    );
    const own = answers[n]!;
    const scores = score === undefined ? undefined : (found[score]!.data as Float32Array);
    list.forEach((window, i) => {
      const value = found[VALUE]!.data[i] as number;
      const seen = scores ? largest(scores, i, scores.length / filled.length) : -1;
      if (window === NONE) {
        own.score = value;
        own.seen = seen;
      } else {
        own.values[window] = value;
        if (scores) own.classes[window] = seen;
      }
    });
    done += list.length;
  };
  let done = 0;
  const total = images * (count + 1);
  const order = coarseToFine(windows);
  for await (const _ of shareOut(tasks(images, order, copies, signal), lanes, run)) {
    const [first] = answers as [Answers];
    if (!Number.isNaN(first.score) && !Number.isNaN(first.values[order[0]!]!)) yield { done, total, answers };
  }
  checkCancelled(signal);
}

/** Windows of one image that run together. */
interface Task {
  readonly image: number;
  readonly list: readonly number[];
}

/** Each image alone and as it is first: one window and the whole image are two passes of the same kind. */
function* tasks(images: number, order: readonly number[], copies: number, signal: AbortSignal): Generator<Task> {
  for (let image = 0; image < images; image++) {
    yield { image, list: [NONE] };
    for (let from = 0; from < order.length; from += copies) {
      if (signal.aborted) return;
      yield { image, list: order.slice(from, from + copies) };
    }
  }
}

/** The place of the largest value in a row. */
function largest(values: Float32Array, row: number, size: number): number {
  let best = row * size;
  for (let i = best + 1; i < (row + 1) * size; i++) if (values[i]! > values[best]!) best = i;
  return best - row * size;
}
