import type { Goal } from '../attribution/goal.ts';
import { asMaps } from '../attribution/reduce.ts';
import { shareOut } from '../engines/lanes/share.ts';
import { checkCancelled } from '../errors.ts';
import { valueProgram } from '../optimization/program.ts';
import { scoreTensor } from '../scores.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { Looker, NONE, type Seen } from './look.ts';
import { planPasses } from './plan.ts';
import { splitProgram } from './split.ts';
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

/** Batches in each lane, the one that runs among them: so a lane has its next one as soon as it is free. */
const WAITING = 2;

/**
 * The goal's value for each image as it is and with each window hidden: one forward pass each, pruned to the objective, in all
 * lanes; where it saves much, only what a window changes is computed in the lower layers (`splitProgram`). Windows come coarse to fine;
 * `answers` fills in, an image after the other, and is given from the first window on.
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
  const split = fixed || image.tensor.shape.length !== 4 ? undefined : splitProgram(program, image.input.name, windows);
  const pictures = { data: image.tensor.data, cover, channels, windows };
  const key = `value(${goal.objective.key},${also.join()})`;
  const looking = { context, goal, pictures, key, program, score, split, copies };
  const places = lanes > 1 ? WAITING * lanes : 1;
  const lookers = Array.from({ length: places }, (_, i) => new Looker(looking, lanes > 1 ? { lane: i % lanes } : {}));
  const answers: Answers[] = Array.from({ length: images }, () => ({
    score: NaN,
    seen: -1,
    values: new Float64Array(count).fill(NaN),
    classes: new Int32Array(score === undefined ? 0 : count).fill(-1),
  }));

  // The whole image's maps, for which the split passes wait; of an image and the next one.
  const bases = new Map<number, Promise<Float32Array | undefined>>();
  const look = async (n: number, list: readonly number[], looker: Looker): Promise<Seen> => {
    const base = bases.get(n);
    if (base && split) return looker.parts(n, list, (await base)!, split);
    const seen = looker.whole(n, list);
    if (list[0] === NONE && split) {
      const maps = seen.then((whole) => whole.maps);
      maps.catch(() => {}); // told by `seen`
      bases.set(n, maps).delete(n - 2);
    }
    return seen;
  };
  const run = async ({ image: n, list }: Task, place: number) => {
    const filled = fixed ? Array.from({ length: copies }, (_, i) => list[Math.min(i, list.length - 1)]!) : list;
    const { values, scores } = await look(n, filled, lookers[place]!);
    const own = answers[n]!;
    list.forEach((window, i) => {
      const seen = scores ? largest(scores, i, scores.length / filled.length) : -1;
      if (window === NONE) {
        own.score = values[i]!;
        own.seen = seen;
      } else {
        own.values[window] = values[i]!;
        if (scores) own.classes[window] = seen;
      }
    });
    done += list.length;
  };
  let done = 0;
  const total = images * (count + 1);
  const order = coarseToFine(windows);
  for await (const _ of shareOut(tasks(images, order, copies, signal), places, run)) {
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
