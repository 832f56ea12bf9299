import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { foldAffine } from '../../../src/core/graph/fold-affine.ts';
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
    const folded = foldAffine({ ...graph, outputs: [norm, out] });
    expect(folded.nodes.map(({ op }) => op)).not.toContain('BatchNormalization');
    const [before, after] = [await run({ ...graph, outputs: [norm, out] }), await run(folded)];
    for (const name of [norm, out]) before[name]!.forEach((value, i) => expect(after[name]![i]).toBeCloseTo(value, 5));
  });

  it('leaves the convolution’s own output where it is asked for', async () => {
    const { graph, conv, out } = network(true);
    const asked = { ...graph, outputs: [conv, out] };
    expect(foldAffine(asked)).toBe(asked);
  });

  it('leaves a convolution that others take too', () => {
    const { graph, conv } = network(true);
    const b = new GraphBuilder(graph);
    const other = b.add('Relu', [conv]);
    const branched = b.graph([...graph.outputs, other]);
    expect(foldAffine(branched)).toBe(branched);
  });

  it('takes scales and shifts after it along, as Caffe writes them', async () => {
    const { graph, norm } = network(true);
    const b = new GraphBuilder({ ...graph, nodes: graph.nodes.slice(0, -1) });
    const scaled = b.add('Mul', [norm, b.floats('scale', [2, -1, 0.5, 3], [4, 1, 1])], {}, 'scaled');
    const out = b.add('Add', [b.floats('shift', [1, 2, 3, 4], [1, 4, 1, 1]), scaled], {}, 'shifted');
    const whole = b.graph([out]);
    const folded = foldAffine(whole);
    expect(folded.nodes.map(({ op }) => op)).toEqual(['Mul', 'Conv']);
    const [before, after] = [await run(whole), await run(folded)];
    before[out]!.forEach((value, i) => expect(after[out]![i]).toBeCloseTo(value, 4));
  });

  it('leaves one number for all, and a bias that is computed', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [BATCH, 2, 4, 4]);
    const w = b.floats('w', new Float32Array(8), [4, 2, 1, 1]);
    const plain = b.graph([b.add('Mul', [b.add('Conv', [x, w]), b.scalar(2)])]);
    expect(foldAffine(plain)).toBe(plain);
    const c = new GraphBuilder(plain);
    const computed = c.add('Neg', [c.floats('n', [1, 2, 3, 4], [4])]);
    const biased = c.add('Conv', [x, w, computed]);
    const graph = c.graph([c.add('Mul', [biased, c.floats('m', [1, 2, 3, 4], [4, 1, 1])])]);
    expect(foldAffine(graph).nodes).toContainEqual(expect.objectContaining({ op: 'Neg' }));
  });
});
