import type { CompileOptions } from '../engines/engine.ts';
import { BATCH, imagesFirst, type Graph } from '../graph/graph.ts';
import type { BackwardRule } from '../graph/rules/index.ts';
import { elements, float32, type Tensor } from '../graph/tensor.ts';
import { gradientProgram, valueProgram, GRADIENT, VALUE } from '../optimization/program.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { askedSoFar, planBatches } from './batches.ts';
import { askedAlone, wholly, type Asked } from './few-classes.ts';
import { rowsFor, type Goal } from './goal.ts';
import { inLanes, inOrder, placesFor } from './in-order.ts';

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
  /** As the inputs (or the maps), one after the other; empty where no gradient was asked for. */
  readonly gradients: Float32Array;
  /** The tensor `wrt`, one after the other; empty without. */
  readonly maps: Float32Array;
}

/** What of a context gradients are taken in. */
export type Asking = Pick<Context, 'session' | 'image' | 'signal'>;

/** Operations of the forward passes of a batch whose gradients are taken. Cancel waits for it. */
const BATCH_FLOPS = 4e9;

interface Options {
  readonly rule?: BackwardRule | undefined;
  /** The tensor with respect to which the gradient is taken, in place of the input; its own values come with it. */
  readonly wrt?: string;
}

/**
 * The goal's value and its gradient with respect to the input, or what a rule sends back in its place, for many inputs: batch by
 * batch, in order; each image by itself where the engine can. Memory: see `planBatches`, whatever the number of inputs. Throws a
 * cancelled error between two batches.
 */
export async function* gradients(
  context: Asking,
  goal: Goal,
  inputs: Inputs,
  { rule, wrt }: Options = {},
): AsyncGenerator<Answers, void, void> {
  const { name } = context.image.input;
  // Rules and inner tensors are about the network as it is.
  const asked = rule || wrt !== undefined ? wholly(context, goal) : askedAlone(context, goal);
  const key = `gradient(${[goal.objective.key, wrt ?? name, ...(rule ? [rule.name] : [])].join()})${asked.name}`;
  const options = { input: name, ...(rule && { rule }), ...(wrt !== undefined && { wrt, also: [wrt] }) };
  const program = () => gradientProgram(asked.graph, goal.objective, options);
  const { shapes } = context.session;
  const separate = shapes.get(name)![0] === BATCH && (wrt === undefined || imagesFirst(shapes.get(wrt)!));
  const total = askedSoFar(context.session, key, inputs.count);
  yield* run(context, asked, inputs, { key, program, wrt, separate, operations: BATCH_FLOPS, total });
}

/** The context's own images, as they are. */
export function ownImages({ image }: Asking): Inputs {
  const { shape, data } = image.tensor;
  const size = data.length / shape[0]!;
  return { count: shape[0]!, fill: (i, into) => into.set(data.subarray(i * size, (i + 1) * size)) };
}

/** The gradients of the context's own images, all at once, in the shape of the input. */
export async function gradientsOfImages(
  context: Asking,
  goal: Goal,
  options: Pick<Options, 'rule'> = {},
): Promise<Pick<Answers, 'values' | 'gradients'>> {
  const { shape, data } = context.image.tensor;
  const all = { values: new Float32Array(shape[0]!), gradients: new Float32Array(data.length) };
  for await (const some of gradients(context, goal, ownImages(context), options)) {
    all.values.set(some.values, some.from);
    all.gradients.set(some.gradients, (some.from * data.length) / shape[0]!);
  }
  return all;
}

/** The goal's value alone, for many inputs; otherwise as `gradients`. `total`: of the gradients that follow. */
export async function* values(
  context: Asking,
  goal: Goal,
  inputs: Inputs,
  total?: number,
): AsyncGenerator<Answers, void, void> {
  const asked = askedAlone(context, goal);
  const program = () => valueProgram(asked.graph, goal.objective);
  yield* run(context, asked, inputs, { key: `value(${goal.objective.key})${asked.name}`, program, total });
}

interface Program {
  readonly key: string;
  readonly program: () => Graph;
  readonly wrt?: string | undefined;
  /** As in `CompileOptions`. */
  readonly separate?: boolean;
  /** As in `planBatches`. */
  readonly operations?: number;
  readonly total?: number | undefined;
}

async function* run(context: Asking, asked: Asked, inputs: Inputs, program: Program) {
  const { session, image, signal } = context;
  const size = elements(image.tensor.shape.slice(1));
  const fixed = session.model.graph.inputs.find(({ name }) => name === image.input.name)!.shape[0]!;
  const plan = planBatches(session, asked.goal.objective, inputs.count, program);
  const most = fixed === BATCH ? plan.images : fixed;
  const batches = Math.ceil(inputs.count / most);
  const places = placesFor(plan.lanes, batches);
  const buffers = Array.from({ length: places }, () => new Float32Array(most * size));
  const inLane = inLanes(plan.lanes);
  const batch = (index: number): Promise<Answers> => {
    const from = index * most;
    const count = Math.min(most, inputs.count - from);
    // A network for a fixed number of images gets the last one again to fill up.
    const rows = Array.from({ length: fixed === BATCH ? count : fixed }, (_, i) => from + Math.min(i, count - 1));
    const buffer = buffers[index % places]!;
    rows.forEach((input, i) => inputs.fill(input, buffer.subarray(i * size, (i + 1) * size)));
    const images = rows.map((input) => inputs.image?.(input) ?? input);
    const filled = buffer.subarray(0, rows.length * size);
    return inLane((options) => answer(context, program, { asked, images, filled, from, count, options }));
  };
  yield* inOrder(batches, places, signal, batch);
}

interface Batch {
  readonly asked: Asked;
  /** Of the context, by row. */
  readonly images: readonly number[];
  readonly filled: Float32Array;
  readonly from: number;
  /** Rows that count: what was computed to fill up is left out. */
  readonly count: number;
  readonly options: CompileOptions;
}

async function answer(
  context: Asking,
  { key, program, wrt, separate = false }: Program,
  batch: Batch,
): Promise<Answers> {
  const { session, image } = context;
  const { asked, images, filled, from, count, options } = batch;
  const shape = [images.length, ...image.tensor.shape.slice(1)];
  const feeds = { ...rowsFor(context, asked.goal, images), ...asked.fixed, [image.input.name]: float32(filled, shape) };
  const found = await session.run(key, program, feeds, { ...options, separate });
  const some = (tensor: Tensor | undefined) => {
    const all = (tensor?.data ?? new Float32Array()) as Float32Array;
    return all.subarray(0, (all.length / images.length) * count);
  };
  const maps = wrt === undefined ? undefined : found[wrt];
  return { from, count, values: some(found[VALUE]), gradients: some(found[GRADIENT]), maps: some(maps) };
}
