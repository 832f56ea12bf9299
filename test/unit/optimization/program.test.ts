import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { channel } from '../../../src/core/optimization/objectives.ts';
import { gradientProgram } from '../../../src/core/optimization/program.ts';

it('a layer that no gradient comes back from is said, with what to do', () => {
  const builder = new GraphBuilder();
  builder.input('x', [BATCH, 1, 2, 2]);
  builder.addNode('Floor', ['x'], ['steps']);
  builder.addNode('Relu', ['steps'], ['relu']);
  const graph = builder.graph(['relu']);
  expect(() => gradientProgram(graph, channel('relu'), { input: 'x' })).toThrow(
    "No gradient comes back from 'relu' to the input 'x': an operator between them has no slope, as Floor or ArgMax. Choose a layer before that.",
  );
});
