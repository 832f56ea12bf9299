import type { Feeds } from '../engines/engine.ts';
import { elements, float32 } from '../graph/tensor.ts';
import type { Context } from '../visualizers/visualizer.ts';
import type { Start } from './affine-start.ts';
import { planBatches, type Plan } from './batches.ts';
import { askedAlone } from './few-classes.ts';
import { rowsFor, type Goal } from './goal.ts';
import { inLanes, inOrder, placesFor } from './in-order.ts';
import { ALONG, ENDS, SUM, sumProgram, WEIGHT } from './sum-program.ts';
import type { Line, Samples } from './mean-gradient.ts';

/** Operations of one batch's forward passes; where the way back from t is gone once a batch, more. Cancel waits for batches. */
const BATCH_FLOPS = 2e9;
const AFFINE_FLOPS = 8e9;

/** Weighted sums of gradients of some samples of an image. */
export interface Sum {
  readonly image: number;
  readonly count: number;
  readonly weight: number;
  /** Σ weight · gradient, as one image. */
  readonly values: Float32Array;
}

/**
 * Sums of gradients, made in the runtime: no gradient is handed over by itself. By linearity where the network's start is affine,
 * t(x) = A·x + b: the gradient with respect to x is Aᵀ times that with respect to t, so those at t are added up and Aᵀ is applied to
 * their sum. On a line from x′ to x, t moves on the line from t(x′) to t(x), and A is not applied at each step either.
 * Image after image. Memory: that of a batch (`planBatches`) and, for each lane, five arrays of the size of t (or the input),
 * whatever the number of samples.
 */
export async function* summedGradients(
  context: Context,
  goal: Goal,
  samples: Samples,
  start: Start,
): AsyncGenerator<Sum, void, void> {
  const { session, image, signal } = context;
  const [images, ...shape] = image.tensor.shape as [number, ...number[]];
  const size = elements(shape);
  const { line, count } = samples;
  const asked = askedAlone(context, goal);
  const plan = planBatches(session, goal.objective, count, { operations: start.affine ? AFFINE_FLOPS : BATCH_FLOPS });
  const starts = batchStarts(count, plan);
  const batches = starts.length - 1;
  const places = placesFor(plan.lanes, batches);
  const buffers = line ? [] : Array.from({ length: places }, () => new Float32Array(plan.images * size));
  const key = `sum of gradients(${goal.objective.key},${start.input},${start.tensor},${line ? 'line' : 'images'})${asked.name}`;
  const program = () => sumProgram(asked.graph, goal.objective, start, line !== undefined);

  const inLane = inLanes(plan.lanes);

  const batch = async (own: number, ends: Feeds, index: number): Promise<Sum> => {
    const from = starts[index]!;
    const rows = starts[index + 1]! - from;
    const each = (value: (sample: number) => number) =>
      Float32Array.from({ length: rows }, (_, row) => value(from + row));
    const weights = each((sample) => samples.weight(sample));
    const feeds: Record<string, Feeds[string]> = {
      ...rowsFor(context, asked.goal, new Array<number>(rows).fill(own)),
      ...asked.fixed,
      ...ends,
      [WEIGHT]: float32(weights, [rows]),
    };
    if (line) {
      const along = new Float32Array(2 * rows);
      each((sample) => line.at(sample)).forEach((at, row) => along.set([1 - at, at], 2 * row));
      feeds[ALONG] = float32(along, [rows, 2]);
    } else {
      const buffer = buffers[index % places]!;
      for (let row = 0; row < rows; row++) samples.fill(own, from + row, buffer.subarray(row * size, (row + 1) * size));
      feeds[start.input] = float32(buffer.subarray(0, rows * size), [rows, ...shape]);
    }
    const found = await inLane((options) => session.run(key, program, feeds, options));
    const weight = weights.reduce((sum, w) => sum + w, 0);
    return { image: own, count: rows, weight, values: found[SUM]!.data as Float32Array };
  };

  for (let own = 0; own < images; own++) {
    const ends = line ? await endsOf(context, goal, own, line, start) : {};
    yield* inOrder(batches, places, signal, (index) => batch(own, ends, index));
  }
}

/** Where batches start, and the end: single images first, for a picture soon, and last, so that no lane waits long for another one. */
function batchStarts(count: number, { images, lanes }: Plan): number[] {
  const starts = [0];
  for (let at = 0; at < count; starts.push(at)) {
    const left = count - at;
    at += at < lanes ? 1 : Math.min(images, lanes > 1 ? Math.ceil(left / lanes / 2) : left);
  }
  return starts;
}

/** The first and the last place on an image's line. */
async function endsOf(
  context: Context,
  goal: Goal,
  own: number,
  { from, to }: Line,
  { input, tensor, shape, affine }: Start,
): Promise<Feeds> {
  const { session, image } = context;
  const sizes = image.tensor.shape.slice(1);
  const size = elements(sizes);
  const both = new Float32Array(2 * size);
  [from, to].forEach((pictures, i) => both.set(pictures.subarray(own * size, (own + 1) * size), i * size));
  let ends = float32(both, [2, ...sizes]);
  if (affine) {
    const feeds = { ...rowsFor(context, goal, [own, own]), [input]: ends };
    const found = await session.run(`forward(${tensor})`, () => affine.forward, feeds, { yields: true });
    ends = float32(found[tensor]!.data as Float32Array, [2, ...shape]);
  }
  return { [ENDS]: { ...ends, constant: true } };
}
