import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { foldBatchNormalization } from '../../../src/core/graph/fold-batch-normalization.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { float32, numbers } from '../../../src/core/graph/tensor.ts';

/** x → Conv (of two groups, 4 filters) → BatchNormalization → Relu. */
function network(bias: boolean): { graph: Graph; conv: string; norm: string; out: string } {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, 2, 4, 4]);
  const w = b.floats(
    'w',
    Array.from({ length: 36 }, (_, i) => Math.sin(i)),
    [4, 1, 3, 3],
  );
  const inputs = bias ? [x, w, b.floats('b', [0.5, -1, 2, 0.25], [4])] : [x, w];
  const conv = b.add('Conv', inputs, { group: 2, pads: [1, 1, 1, 1] }, 'conv');
  const statistics = [
    [1, 2, -1, 0.5],
    [0, 1, -1, 3],
    [0.5, -2, 1, 0],
    [4, 0.25, 1, 2],
  ].map((values, i) => b.floats(`s${i}`, values, [4]));
  const norm = b.add('BatchNormalization', [conv, ...statistics], { epsilon: 0.001 }, 'norm');
  const out = b.add('Relu', [norm], {}, 'out');
  return { graph: b.graph([out]), conv, norm, out };
}

const image = float32(
  Float32Array.from({ length: 64 }, (_, i) => Math.cos(3 * i)),
  [2, 2, 4, 4],
);

async function run(graph: Graph): Promise<Record<string, number[]>> {
  const engine = await createOnnxRuntime();
  const results = await (await engine.compile(graph)).run({ x: image });
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, numbers(tensor)]));
}

describe('batch normalisation folded into convolutions', () => {
  it.each([true, false])('changes no value (bias in the convolution: %s)', async (bias) => {
    const { graph, norm, out } = network(bias);
    const folded = foldBatchNormalization({ ...graph, outputs: [norm, out] });
    expect(folded.nodes.map(({ op }) => op)).not.toContain('BatchNormalization');
    const [before, after] = [await run({ ...graph, outputs: [norm, out] }), await run(folded)];
    for (const name of [norm, out]) before[name]!.forEach((value, i) => expect(after[name]![i]).toBeCloseTo(value, 5));
  });

  it('leaves the convolution’s own output where it is asked for', async () => {
    const { graph, conv, out } = network(true);
    const asked = { ...graph, outputs: [conv, out] };
    expect(foldBatchNormalization(asked)).toBe(asked);
  });

  it('leaves a convolution that others take too', () => {
    const { graph, conv } = network(true);
    const b = new GraphBuilder(graph);
    const other = b.add('Relu', [conv]);
    const branched = b.graph([...graph.outputs, other]);
    expect(foldBatchNormalization(branched)).toBe(branched);
  });
});
