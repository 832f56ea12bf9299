import { expect, it } from 'vitest';
import { checkRunnable, isRunnable } from '../../../src/core/layers.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { summarize } from '../../../src/core/inspect.ts';
import { Session } from '../../../src/core/session.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

it('Methods look at tensors with the images on their first axis alone; others are refused with their shape.', async () => {
  const tiny = await tinyNetwork();
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, 4, 6]);
  builder.addNode('Transpose', ['image'], ['turned'], { perm: [1, 0, 2] });
  builder.addNode('Reshape', ['image', builder.ints([-1, 6])], ['rows']);
  builder.addNode('Reshape', ['rows', builder.ints([-1, 24])], ['flat']);
  const names = ['turned', 'rows', 'flat'];
  const layers = names.map((name) => {
    return { name, kind: 'Layer', output: name, before: name, after: name, nodes: [name], weights: [] };
  });
  const model = { ...tiny.model, graph: builder.graph(['flat']), layers };
  const session = new Session(model, tiny.engine, tiny.description);

  expect(names.map((name) => isRunnable(session, name))).toEqual([false, false, true]);
  expect(summarize(session).layers.map(({ shape }) => shape)).toEqual([undefined, undefined, [24]]);
  for (const [name, shape] of [
    ['turned', '4×N×6'],
    ['rows', '4N×6'],
  ] as const)
    expect(() => checkRunnable(session, name, `Layer '${name}'`)).toThrow(
      `Layer '${name}' can't be visualised: its output, ${shape}, does not keep the images on its first axis. Choose a layer before or after it.`,
    );
  expect(() => checkRunnable(session, 'flat', "Layer 'flat'")).not.toThrow();
});
