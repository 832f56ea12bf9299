import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programFor } from '../../../src/core/engines/onnxruntime.ts';
import { steepGates } from '../../../src/core/engines/steep-gates.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { backward } from '../../support/backward.ts';
import '../../support/properties.ts';

type Network = (b: GraphBuilder, x: string) => string;
const clip =
  (low?: number, high?: number): Network =>
  (b, x) =>
    b.add('Clip', [x, low === undefined ? '' : b.scalar(low), high === undefined ? '' : b.scalar(high)]);

function program(network: Network): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, 4]);
  const y = network(b, x);
  return prune(b.graph(), [differentiate(b, inferShapes(b.graph()), y, [x]).get(x)!]);
}
function operators(network: Network): string[] {
  const graph = program(network);
  return prune(steepGates(graph), graph.outputs).nodes.map(({ op }) => op);
}

/** What is open strictly between bounds, at and right beside them. */
async function gates(network: Network, values: readonly number[]): Promise<number[]> {
  return backward(network, float32(values, [1, values.length]));
}
const next = (value: number, steps: number) => {
  const bits = new Int32Array(new Float32Array([value]).buffer);
  bits[0] = bits[0]! + steps;
  return new Float32Array(bits.buffer)[0]!;
};

describe('steep gates', () => {
  it('are there for ReLU and ReLU6, without comparisons', () => {
    for (const network of [clip(0, 6), clip(0), clip(undefined, 1), (b: GraphBuilder, x: string) => b.add('Relu', [x])])
      expect(operators(network).some((op) => ['Greater', 'Less', 'And', 'Cast'].includes(op))).toBe(false);
    expect(operators(clip(0, 6)).filter((op) => op === 'HardSigmoid')).toHaveLength(2);
  });

  it('open strictly between the bounds, to the last bit', async () => {
    const inside = [1e-30, 1, next(6, -1)];
    expect(await gates(clip(0, 6), [-1, -1e-30, 0, ...inside, 6, next(6, 1), 1e30])).toEqual([
      0, 0, 0, 1, 1, 1, 0, 0, 0,
    ]);
    expect(await gates(clip(-1, 1), [-2, -1, next(-1, -1), 0, next(1, -1), 1])).toEqual([0, 0, 1, 1, 1, 0]);
    expect(await gates(clip(undefined, 3), [-1e38, 0, next(3, -1), 3, 1e38])).toEqual([1, 1, 1, 0, 0]);
  });

  it('are not made of bounds that the slope is not exact for', async () => {
    const most = 3.4028234663852886e38;
    expect(operators(clip(0, most))).toContain('Less');
    expect(await gates(clip(0, most), [-1, 0, 1, 1e38])).toEqual([0, 0, 1, 1]);
    expect(await gates(clip(1e-25, 1), [0, 2e-25, 0.5, 2])).toEqual([0, 1, 1, 0]);
  });

  it('are what the comparisons are, for any bounds', async () => {
    const value = fc.float({ min: -100, max: 100, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(value, value),
        fc.array(value, { minLength: 1, maxLength: 8 }),
        async (bounds, values) => {
          const [low, high] = bounds.sort((a, b) => a - b) as [number, number];
          const fed = [...values, low, high].map(Math.fround);
          const expected = fed.map((x) => (x > Math.fround(low) && x < Math.fround(high) ? 1 : 0));
          expect(await gates(clip(low, high), fed)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are the engine’s', () => {
    const has = (bytes: Uint8Array, op: string) => Buffer.from(bytes).includes(op);
    const { bytes } = programFor(program(clip(0, 6)));
    expect(has(bytes, 'HardSigmoid')).toBe(true);
    expect(has(bytes, 'Less')).toBe(false);
  });
});
