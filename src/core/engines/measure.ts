import type { Model } from '../model.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { BATCH, type Graph } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { elements, float32, numbers, type Tensor } from '../graph/tensor.ts';
import type { Engine, Feeds } from './engine.ts';

/** How far two engines' results may lie apart, relative to the largest value. */
const TOLERANCE = 1e-4;

/** Runs after the first, which compiles kernels and warms up; fewer where each takes long. */
const RUNS = 3;
const LONG = 150;

interface Measured {
  /** Of the fastest run. */
  readonly milliseconds: number;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** A graph with values for its inputs. */
export interface Trial {
  readonly graph: Graph;
  readonly feeds: Feeds;
}

/** The model's forward pass on noise; undefined where its inputs are no such, or nothing of it can be run. */
export function forwardTrial({ graph }: Model): Trial | undefined {
  const shapes = inferShapes(graph);
  const outputs = graph.outputs.filter((name) => shapes.has(name));
  if (outputs.length === 0) return undefined;
  const pruned = prune(graph, outputs);
  if (pruned.inputs.some(({ dtype }) => dtype !== 'float32')) return undefined;
  const feeds = pruned.inputs.map(({ name, shape }) => [name, noise(shape.map((size) => (size === BATCH ? 1 : size)))]);
  return { graph: pruned, feeds: Object.fromEntries(feeds) as Feeds };
}

/** A convolution as networks have them: it tells a graphics processor from a program that plays one. */
export function smallTrial(): Trial {
  const builder = new GraphBuilder();
  const shape = [1, 64, 56, 56];
  const weights = builder.constant('weights', noise([64, 64, 3, 3]));
  const x = builder.input('x', shape);
  const y = builder.add('Conv', [x, weights], { pads: [1, 1, 1, 1] });
  return { graph: builder.graph([y]), feeds: { x: noise(shape) } };
}

function noise(shape: readonly number[]): Tensor<'float32'> {
  let state = 1;
  const next = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  return float32(
    Float32Array.from({ length: elements(shape) }, () => 2 * next() - 1),
    shape,
  );
}

/** Rejects with an engine error. */
export async function measure(engine: Engine, { graph, feeds }: Trial, runs = RUNS): Promise<Measured> {
  const program = await engine.compile(graph);
  try {
    const results = await program.run(feeds);
    let milliseconds = Infinity;
    for (let run = 0; run < runs; run++) {
      const started = performance.now();
      await program.run(feeds);
      milliseconds = Math.min(milliseconds, performance.now() - started);
      if (milliseconds > LONG) break;
    }
    return { milliseconds, results };
  } finally {
    await program.dispose();
  }
}

/** Whether each value of each result is the same within `TOLERANCE` of the largest. */
export const agree = (found: Measured, expected: Measured): boolean =>
  Object.entries(expected.results).every(([name, tensor]) => {
    const [a, b] = [numbers(found.results[name]!), numbers(tensor)];
    const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= TOLERANCE * largest);
  });
