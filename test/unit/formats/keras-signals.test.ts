import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { ramp, writeTfjs, type KerasLayer, type Weights } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const [L, C] = [7, 4];
const input = noise([2, L, C]);
const at = (n: number, l: number, c: number) => (l < 0 || l >= L ? 0 : input.data[(n * L + l) * C + c]!);
const sum = (count: number, term: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((a, b) => a + b, 0);

/** A functional network of one layer on its input; `call` is what stands for the tensors that it is called with. */
async function run(kind: string, config: object, weights: Weights, call: unknown = [['x', 0, 0, {}]]) {
  const own: KerasLayer = { class_name: kind, name: 'own', config: { name: 'own', ...config }, inbound_nodes: [call] };
  const first = { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_input_shape: [null, L, C] } };
  const layers = [{ ...first, inbound_nodes: [] }, own];
  const ends = { input_layers: [['x', 0, 0]], output_layers: [['own', 0, 0]] };
  const model = await openModel(
    writeTfjs({ class_name: 'Functional', config: { name: 'net', layers, ...ends } }, weights),
  );
  expect(model.unknown).toEqual([]);
  const [result] = await runModel(model, input);
  return { model, result: result! };
}

/** Two images' values, from a function of place and channel. */
const values = (length: number, channels: number, value: (n: number, l: number, c: number) => number) =>
  Array.from({ length: 2 * length * channels }, (_, i) =>
    value(Math.floor(i / (length * channels)), Math.floor(i / channels) % length, i % channels),
  );

describe('signals', () => {
  const kernel = ramp(3, C, 5);
  const w = (k: number, c: number, o: number) => kernel.values[(k * C + c) * 5 + o]!;
  const conv = (n: number, from: number, o: number, step: number) =>
    sum(3, (k) => sum(C, (c) => at(n, from + k * step, c) * w(k, c, o)));

  it('Conv1D with a stride shows maps of one row, and hands a signal on', async () => {
    const config = { filters: 5, kernel_size: [3], strides: [2], padding: 'same', activation: 'relu' };
    const { model, result } = await run('Conv1D', config, { own: { kernel, bias: ramp(5) } });
    const expected = values(4, 5, (n, l, o) => Math.max(0, conv(n, 2 * l - 1, o, 1) + ramp(5).values[o]!));
    expect(result.shape).toEqual([2, 4, 5]);
    expect(largestDifference(result.data as Float32Array, expected)).toBeLessThan(1e-5);
    expect(inferShapes(model.graph).get(model.layers[1]!.output)).toEqual([-1, 5, 1, 4]);
  });

  it('Conv1D that is causal sees nothing of what comes later', async () => {
    const config = { filters: 5, kernel_size: 3, dilation_rate: 2, padding: 'causal', use_bias: false };
    const { result } = await run('Conv1D', config, { own: { kernel } });
    const expected = values(L, 5, (n, l, o) => conv(n, l - 4, o, 2));
    expect(largestDifference(result.data as Float32Array, expected)).toBeLessThan(1e-5);
  });

  it('MaxPooling1D and GlobalAveragePooling1D', async () => {
    const pooled = await run('MaxPooling1D', { pool_size: 2, padding: 'valid' }, {});
    const expected = values(3, C, (n, l, c) => Math.max(at(n, 2 * l, c), at(n, 2 * l + 1, c)));
    expect(largestDifference(pooled.result.data as Float32Array, expected)).toBeLessThan(1e-6);
    const mean = await run('GlobalAveragePooling1D', {}, {});
    const means = values(1, C, (n, _, c) => sum(L, (l) => at(n, l, c)) / L);
    expect(mean.result.shape).toEqual([2, C]);
    expect(largestDifference(mean.result.data as Float32Array, means)).toBeLessThan(1e-6);
  });

  it('LocallyConnected1D has weights of its own at each place', async () => {
    const own = ramp(3, 3 * C, 2);
    const config = { filters: 2, kernel_size: [3], strides: [2] };
    const { result } = await run('LocallyConnected1D', config, { own: { kernel: own, bias: ramp(3, 2) } });
    const expected = values(3, 2, (n, l, o) => {
      const weight = (i: number) => own.values[(l * 3 * C + i) * 2 + o]!;
      const seen = sum(3 * C, (i) => at(n, 2 * l + Math.floor(i / C), i % C) * weight(i));
      return seen + ramp(3, 2).values[l * 2 + o]!;
    });
    expect(largestDifference(result.data as Float32Array, expected)).toBeLessThan(1e-5);
  });
});

describe('MultiHeadAttention', () => {
  const [heads, size] = [2, 3];
  const config = { num_heads: heads, key_dim: size, use_bias: false };
  const parts = { query: ramp(C, heads, size), key: ramp(heads, C, size), value: ramp(size, C, heads) };
  const shape = [C, heads, size];
  const out = ramp(heads, size, 5);
  const weights: Weights = {
    own: {
      ...Object.fromEntries(
        Object.entries(parts).map(([name, { values: own }]) => [`own/${name}/kernel`, { shape, values: own }]),
      ),
      'own/attention_output/kernel': out,
    },
  };
  const project = (part: keyof typeof parts, n: number, l: number, h: number, k: number) =>
    sum(C, (c) => at(n, l, c) * parts[part].values[(c * heads + h) * size + k]!);

  const attention = (sees: (from: number, to: number) => boolean) =>
    values(L, 5, (n, l, o) =>
      sum(heads, (h) => {
        const scores = Array.from({ length: L }, (_, to) =>
          sees(l, to)
            ? Math.exp(sum(size, (k) => project('query', n, l, h, k) * project('key', n, to, h, k)) / Math.sqrt(size))
            : 0,
        );
        const total = scores.reduce((a, b) => a + b, 0);
        return sum(size, (k) => {
          const seen = sum(L, (to) => (scores[to]! / total) * project('value', n, to, h, k));
          return seen * out.values[(h * size + k) * 5 + o]!;
        });
      }),
    );

  it('of a sequence to itself', async () => {
    const { result } = await run('MultiHeadAttention', config, weights, [['x', 0, 0, { value: ['x', 0, 0] }]]);
    expect(
      largestDifference(
        result.data as Float32Array,
        attention(() => true),
      ),
    ).toBeLessThan(1e-5);
  });

  it('to what came before alone', async () => {
    const call = [['x', 0, 0, { value: ['x', 0, 0], use_causal_mask: true }]];
    const { result } = await run('MultiHeadAttention', config, weights, call);
    expect(
      largestDifference(
        result.data as Float32Array,
        attention((from, to) => to <= from),
      ),
    ).toBeLessThan(1e-5);
  });
});
