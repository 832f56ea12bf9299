import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { prune, reluAfterPool } from '../../../src/core/graph/passes.ts';
import { channel, oneHot } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';
import { redirectedReluRule } from '../../../src/core/graph/rules/index.ts';
import { distinct } from '../../support/finite-differences.ts';

function convPool() {
  const b = new GraphBuilder();
  const x = b.input('x', [-1, 2, 9, 9]);
  const conv = b.add('Conv', [x, b.constant('w', distinct([4, 2, 3, 3]))], {}, 'conv');
  const relu = b.add('Relu', [conv], {}, 'relu');
  const pool = b.add('MaxPool', [relu], { kernel_shape: [3, 3], strides: [2, 2] }, 'pool');
  return b.graph([pool]);
}

describe('passes', () => {
  it('prune keeps what the outputs need, and nothing else', () => {
    const pruned = prune(convPool(), ['conv']);
    expect(pruned.nodes.map(({ op }) => op)).toEqual(['Conv']);
    expect([...pruned.constants.keys()]).toEqual(['w']);
    expect(() => prune(convPool(), ['nothing'])).toThrow("The graph has no tensor 'nothing'.");
  });

  it('a ReLU taken after its pool changes neither values nor gradients', async () => {
    const graph = convPool();
    expect(reluAfterPool(graph).nodes.map(({ op }) => op)).toEqual(['Conv', 'MaxPool', 'Relu']);
    const engine = await createOnnxRuntime();
    const feeds = { x: distinct([2, 2, 9, 9], 5), unit: oneHot([0, 3], 4) };
    const swapped = await (await engine.compile(gradientProgram(graph, channel('pool'), { input: 'x' }))).run(feeds);
    // Fetched itself, the ReLU's output must stay what it is.
    const options = { input: 'x', also: ['relu'] };
    const plain = await (await engine.compile(gradientProgram(graph, channel('pool'), options))).run(feeds);
    expect(swapped[VALUE]!.data).toEqual(plain[VALUE]!.data);
    expect(swapped[GRADIENT]!.data).toEqual(plain[GRADIENT]!.data);
    expect(Math.min(...(plain['relu']!.data as Float32Array))).toBe(0);
  });

  it('other rules see the graph as it is', () => {
    const program = gradientProgram(convPool(), channel('pool'), { input: 'x', rule: redirectedReluRule });
    expect(program.nodes.slice(0, 3).map(({ op }) => op)).toEqual(['Conv', 'Relu', 'MaxPool']);
  });
});
