import type { Engine, Executable, Feeds } from '../../src/core/engines/engine.ts';
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

/** The largest distance of any output of a graph from what the reference makes of it; compiles and disposes both. */
export async function disagreement(engine: Engine, reference: Engine, graph: Graph, feeds: Feeds): Promise<number> {
  const once = async (from: Engine) => {
    let program: Executable | undefined;
    try {
      program = await from.compile(graph);
      return await program.run(feeds);
    } finally {
      await program?.dispose();
    }
  };
  const expected = await once(reference);
  const found = await once(engine);
  return Math.max(...graph.outputs.map((name) => distance(found[name]!, expected[name]!)));
}
