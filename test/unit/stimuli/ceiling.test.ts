import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { withoutCeiling } from '../../../src/core/stimuli/before-activation.ts';

/** x → one activation function. */
function graphOf(op: string, ...bounds: number[]) {
  const builder = new GraphBuilder();
  builder.input('x', [BATCH, 1, 2, 2]);
  builder.addNode(op, ['x', ...bounds.map((value) => builder.scalar(value))], ['y']);
  return builder.graph(['y']);
}

describe('a ceiling of an activation function', () => {
  it('is left out of what climbs: the larger of zero and what goes in', () => {
    const graph = graphOf('Clip', 0, 6);
    const derived = withoutCeiling(graph, 'y')!;
    expect(derived.tensors).toEqual(['x']);
    const builder = new GraphBuilder(graph);
    const made = derived.write(builder);
    expect(builder.nodes.at(-1)).toMatchObject({ op: 'Relu', inputs: ['x'], outputs: [made] });
    expect(derived.shape(new Map([['x', [BATCH, 1, 2, 2]]]))).toEqual([BATCH, 1, 2, 2]);
  });

  it.each([graphOf('Relu'), graphOf('Clip', 0), graphOf('Clip', -1, 1)])('is no other bound', (graph) => {
    expect(withoutCeiling(graph, 'y')).toBeUndefined();
  });
});
