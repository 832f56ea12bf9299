import { checkCancelled } from '../errors.ts';
import { BATCH, type Graph } from '../graph/graph.ts';
import type { BackwardRule } from '../graph/rules/index.ts';
import { elements, float32 } from '../graph/tensor.ts';
import { gradientProgram, valueProgram, GRADIENT, VALUE } from '../optimization/program.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { batchSize } from './batch-size.ts';
import { rowsFor, type Goal } from './goal.ts';

/** Inputs that are made as they are needed: variations of the context's images. */
export interface Inputs {
  readonly count: number;
  /** Which image of the context input `i` is a variation of: its class, its unit, its other inputs. Default `i`. */
  image?(i: number): number;
  /** Writes input `i`, in the shape of one image. The array holds what was written there before. */
  fill(i: number, into: Float32Array): void;
}

/** What some of the inputs gave: those from `from` on. */
export interface Answers {
  readonly from: number;
  readonly count: number;
  /** The objective's value by input. */
  readonly values: Float32Array;
  /** As the inputs, one after the other; empty where no gradient was asked for. */
  readonly gradients: Float32Array;
}

interface Options {
  readonly rule?: BackwardRule | undefined;
}

/**
 * The goal's value and its gradient with respect to the input, or what a rule sends back in its place, for many inputs: batch by
 * batch, in order. Memory: see `batchSize`, whatever the number of inputs. Throws a cancelled error between two batches.
 */
export async function* gradients(
  context: Context,
  goal: Goal,
  inputs: Inputs,
  { rule }: Options = {},
): AsyncGenerator<Answers, void, void> {
  const { name } = context.image.input;
  const key = `gradient(${goal.objective.key},${name}${rule ? `,${rule.name}` : ''})`;
  const options = { input: name, ...(rule && { rule }) };
  yield* run(context, goal, inputs, key, () => gradientProgram(context.session.model.graph, goal.objective, options));
}

/** The same for the context's own images, all at once. `gradients`: in the shape of the input. */
export async function gradientsOfImages(context: Context, goal: Goal, options?: Options): Promise<Answers> {
  const { shape, data } = context.image.tensor;
  const count = shape[0]!;
  const size = data.length / count;
  const all = { from: 0, count, values: new Float32Array(count), gradients: new Float32Array(data.length) };
  const inputs: Inputs = { count, fill: (i, into) => into.set(data.subarray(i * size, (i + 1) * size)) };
  for await (const some of gradients(context, goal, inputs, options)) {
    all.values.set(some.values, some.from);
    all.gradients.set(some.gradients, some.from * size);
  }
  return all;
}

/** The goal's value alone, for many inputs; otherwise as `gradients`. */
export async function* values(context: Context, goal: Goal, inputs: Inputs): AsyncGenerator<Answers, void, void> {
  yield* run(context, goal, inputs, `value(${goal.objective.key})`, () =>
    valueProgram(context.session.model.graph, goal.objective),
  );
}

async function* run(context: Context, goal: Goal, inputs: Inputs, key: string, program: () => Graph) {
  const { session, image, signal } = context;
  const [, ...shape] = image.tensor.shape as [number, ...number[]];
  const size = elements(shape);
  const fixed = session.model.graph.inputs.find(({ name }) => name === image.input.name)!.shape[0]!;
  const most = fixed === BATCH ? Math.min(inputs.count, batchSize(session, goal.objective)) : fixed;
  const buffer = new Float32Array(most * size);
  for (let from = 0; from < inputs.count; from += most) {
    checkCancelled(signal);
    const count = Math.min(most, inputs.count - from);
    // A network for a fixed number of images gets the last one again to fill up.
    const rows = Array.from({ length: fixed === BATCH ? count : fixed }, (_, i) => from + Math.min(i, count - 1));
    rows.forEach((input, i) => inputs.fill(input, buffer.subarray(i * size, (i + 1) * size)));
    const images = rows.map((input) => inputs.image?.(input) ?? input);
    const found = await session.run(key, program, {
      ...rowsFor(context, goal, images),
      [image.input.name]: float32(buffer.subarray(0, rows.length * size), [rows.length, ...shape]),
    });
    checkCancelled(signal);
    const gradient = found[GRADIENT]?.data as Float32Array | undefined;
    yield {
      from,
      count,
      values: (found[VALUE]!.data as Float32Array).subarray(0, count),
      gradients: gradient?.subarray(0, count * size) ?? new Float32Array(),
    };
  }
}
