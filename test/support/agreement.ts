import type { Engine, Feeds } from '../../src/core/engines/engine.ts';
import type { Graph } from '../../src/core/graph/graph.ts';
import { numbers, type Tensor } from '../../src/core/graph/tensor.ts';

/**
 * How far a tensor lies from the one it should be: the largest difference, relative to the largest value (or to 0.01, as
 * sums may cancel). Throws where type or shape differ.
 */
export function distance(found: Tensor, expected: Tensor): number {
  const kind = ({ dtype, shape }: Tensor) => `${dtype} [${shape.join(', ')}]`;
  if (kind(found) !== kind(expected)) throw new Error(`${kind(found)} in place of ${kind(expected)}`);
  const [a, b] = [numbers(found), numbers(expected)];
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0.01);
  return (
    a.reduce((most, value, i) => Math.max(most, Object.is(value, b[i]) ? 0 : Math.abs(value - b[i]!)), 0) / largest
  );
}

/** One run of a graph, from compiling to disposing. */
export async function once(engine: Engine, graph: Graph, feeds: Feeds): Promise<Record<string, Tensor>> {
  const program = await engine.compile(graph);
  try {
    return await program.run(feeds);
  } finally {
    await program.dispose();
  }
}

/** The largest distance of any output of a graph from what the reference makes of it. */
export async function disagreement(engine: Engine, reference: Engine, graph: Graph, feeds: Feeds): Promise<number> {
  const [found, expected] = [await once(engine, graph, feeds), await once(reference, graph, feeds)];
  return Math.max(...graph.outputs.map((name) => distance(found[name]!, expected[name]!)));
}
