import { describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { SHARED_OPERATORS } from '../../../src/core/graph/rules/lrp/index.ts';
import { OPERATORS } from '../../../src/core/graph/operators/index.ts';
import { backwardRule } from '../../../src/core/graph/rules/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { backward } from '../../support/backward.ts';

type Network = (b: GraphBuilder, x: string) => string;

const exact = backwardRule('lrp-epsilon', { epsilon: 0 });
const alphaBeta = backwardRule('lrp-alpha-beta', { alpha: 2 });
const alpha1 = backwardRule('lrp-alpha-beta', { alpha: 1 });
const zPlus = backwardRule('z-plus');

async function relevance(network: Network, values: number[], rule = exact, shape = [1, values.length]) {
  return backward(network, float32(values, shape), rule);
}
const close = (expected: readonly number[], digits = 4) => expected.map((value) => expect.closeTo(value, digits));

/** Two inputs, one neuron of weights 2 and −1. */
const neuron =
  (bias?: number): Network =>
  (b, x) =>
    b.add('Gemm', [x, b.floats('w', [2, -1], [2, 1]), ...(bias === undefined ? [] : [b.floats('bias', [bias], [1])])]);

describe('one neuron', () => {
  // x = (3, 2): contributions 6 and −2, z = 4 = R.
  it('shares the score by contributions', async () => {
    expect(await relevance(neuron(), [3, 2])).toEqual(close([6, -2]));
  });

  it('a bias keeps its share', async () => {
    // z = 6 − 2 + 4 = 8 = R.
    expect(await relevance(neuron(4), [3, 2])).toEqual(close([6, -2]));
  });

  it('α = 2, β = 1: positive contributions get 2R, negative −R', async () => {
    expect(await relevance(neuron(), [3, 2], alphaBeta)).toEqual(close([8, -4]));
  });

  it('α = 2, β = 1 with a bias among the positive contributions', async () => {
    // R = 8; positive: 6 and the bias's 4; negative: −2.
    expect(await relevance(neuron(4), [3, 2], alphaBeta)).toEqual(close([(2 * 8 * 6) / 10, -8]));
  });

  it('α = 1, β = 0 and z⁺: positive contributions alone, with and without the bias', async () => {
    expect(await relevance(neuron(4), [3, 2], alpha1)).toEqual(close([(8 * 6) / 10, 0]));
    expect(await relevance(neuron(4), [3, 2], zPlus)).toEqual(close([8, 0]));
  });

  it('negative inputs by negative weights are positive contributions', async () => {
    // x = (−1, −5): −2 and 5, z = 3.
    expect(await relevance(neuron(), [-1, -5], zPlus)).toEqual(close([0, 3]));
    expect(await relevance(neuron(), [-1, -5], alphaBeta)).toEqual(close([-3, 6]));
    expect(await relevance(neuron(), [-1, -5])).toEqual(close([-2, 5]));
  });

  it('without contributions nothing is sent', async () => {
    for (const rule of [exact, alphaBeta, alpha1, zPlus])
      expect(await relevance(neuron(), [0, 0], rule)).toEqual([0, 0]);
  });
});

describe('ε', () => {
  it('is relative to the root mean square of what is shared out, and keeps its share', async () => {
    // z = 4: ε·4, so each share is 1/1.25 of itself.
    const quarter = backwardRule('lrp-epsilon', { epsilon: 0.25 });
    expect(await relevance(neuron(), [3, 2], quarter)).toEqual(close([6 / 1.25, -2 / 1.25]));
    expect(await relevance(neuron(), [300, 200], quarter)).toEqual(close([600 / 1.25, -200 / 1.25], 2));
  });

  it('has the sign of z, and is each image’s own', async () => {
    const half = backwardRule('lrp-epsilon', { epsilon: 0.5 });
    // z = −4 and 4: ±4·0.5.
    const found = await relevance(neuron(), [0, 4, 2, 0], half, [2, 2]);
    expect(found).toEqual(close([0, -4 / 1.5, 4 / 1.5, 0]));
  });

  it('is so where the images are not on the first axis, as in layers of attention', async () => {
    const half = backwardRule('lrp-epsilon', { epsilon: 0.5 });
    // N×1×2 → 1×N×2, one neuron of weights 2 and −1, and back.
    const turned: Network = (b, x) => {
      const tokens = b.add('Transpose', [x], { perm: [1, 0, 2] });
      const y = b.add('MatMul', [tokens, b.floats('w', [2, -1], [2, 1])]);
      return b.add('Reshape', [b.add('Transpose', [y], { perm: [1, 0, 2] }), b.ints([-1, 1])]);
    };
    // z = −4 and 40 = R: ∓ a half of each, whatever the other one is.
    expect(await relevance(turned, [0, 4, 20, 0], half, [2, 1, 2])).toEqual(close([0, -4 / 1.5, 40 / 1.5, 0]));
  });
});

describe('two layers', () => {
  // x = (1, 2) → hidden (1·1 + 2·1, 1·2 − 2·1) = (3, 0)… relu … → 2·h₁ − h₂.
  const network: Network = (b, x) => {
    const hidden = b.add('Gemm', [x, b.floats('w1', [1, 3, 1, -1], [2, 2])]);
    return b.add('Gemm', [b.add('Relu', [hidden]), b.floats('w2', [2, -1], [2, 1])]);
  };

  it('by contributions: gradient times input where there are only ReLUs', async () => {
    // hidden: 1 + 2 = 3 and 3 − 2 = 1; z = 6 − 1 = 5. R of hidden: 6, −1. R of x₁: 6·1/3 − 1·3/1 = −1; x₂: 6·2/3 + 1·2/1 = 6.
    expect(await relevance(network, [1, 2])).toEqual(close([-1, 6]));
  });

  it('by z⁺', async () => {
    // R of hidden: 5, 0. R of x: 5/3, 10/3.
    expect(await relevance(network, [1, 2], zPlus)).toEqual(close([5 / 3, 10 / 3]));
  });

  it('by α = 2, β = 1', async () => {
    // R of hidden: 10, −5. Hidden 1: positive 1, 2 (no negative ones: only α counts): 20/3, 40/3.
    // Hidden 2: positive 3, negative −2: x₁ 2·(−5), x₂ −1·(−5).
    expect(await relevance(network, [1, 2], alphaBeta)).toEqual(close([20 / 3 - 10, 40 / 3 + 5]));
  });
});

describe('other operators', () => {
  it('convolution: each window shares out its own', async () => {
    const conv: Network = (b, x) => b.add('Conv', [x, b.floats('w', [1, 1], [1, 1, 2])]);
    // x = 1, 2, 4: z = 3, 6 = R, so R of x = its contributions.
    expect(await relevance(conv, [1, 2, 4], exact, [1, 1, 3])).toEqual(close([1, 4, 4]));
    // Values seen once or twice; all positive: the same by z⁺ and by α = 1.
    for (const rule of [zPlus, alpha1])
      expect(await relevance(conv, [1, 2, 4], rule, [1, 1, 3])).toEqual(close([1, 4, 4]));
  });

  it('max-pool: all to the first of the largest values', async () => {
    const pool: Network = (b, x) => b.add('MaxPool', [x], { kernel_shape: [2], strides: [2] });
    expect(await relevance(pool, [3, 1, 2, 2], exact, [1, 1, 4])).toEqual([3, 0, 2, 0]);
  });

  it('averages: by contributions', async () => {
    const pool: Network = (b, x) => b.add('GlobalAveragePool', [x]);
    expect(await relevance(pool, [4, -1, 3, 2], exact, [1, 1, 4])).toEqual(close([1, -0.25, 0.75, 0.5]));
  });

  it('sums: each summand by what it contributes; a constant keeps its share', async () => {
    // y = 3x + x² + 2 at x = 1: 3, 1, 2 of 6.
    const sum: Network = (b, x) => {
      const [triple, square] = [b.add('Mul', [x, b.scalar(3)]), b.add('Mul', [x, x])];
      return b.add('Add', [b.add('Add', [triple, square]), b.scalar(2)]);
    };
    expect(await relevance(sum, [1])).toEqual(close([4]));
  });

  it('differences: what is taken away contributes negatively', async () => {
    const difference: Network = (b, x) =>
      b.add('Sub', [b.add('Mul', [x, b.floats('c', [1, 0], [2])]), b.add('Mul', [x, b.floats('d', [0, 1], [2])])]);
    expect(await relevance(difference, [5, 2])).toEqual(close([5, -2]));
  });

  it('batch normalisation: scale and shift as weight and bias', async () => {
    const norm: Network = (b, x) => {
      const vector = (name: string, value: number) => b.floats(name, [value], [1]);
      const parts = [vector('scale', 2), vector('shift', 3), vector('mean', 1), vector('variance', 1)];
      return b.add('BatchNormalization', [x, ...parts], { epsilon: 0 });
    };
    // y = 2(x − 1) + 3 = 2x + 1 at 4: 8 of 9.
    expect(await relevance(norm, [4], exact, [1, 1, 1, 1])).toEqual(close([8]));
    expect(await relevance(norm, [4], alphaBeta, [1, 1, 1, 1])).toEqual(close([9]));
  });

  it.each([
    ['Tanh', 0.5, Math.tanh(0.5)],
    ['LeakyRelu', -2, -0.02],
    ['Elu', 3, 3],
    ['Softplus', 0, Math.log(2)],
    ['HardSwish', 4, 4],
  ])('%s passes all on', async (op, at, value) => {
    expect(await relevance((b, x) => b.add(op, [x]), [at])).toEqual(close([value]));
  });

  it('every operator that has a gradient has a rule, but for products along an axis', () => {
    const missing = Object.entries(OPERATORS).filter(([op, { gradient }]) => gradient && !SHARED_OPERATORS.has(op));
    expect(missing.map(([op]) => op)).toEqual(['ReduceProd']);
  });

  it('a gate gets nothing, its signal all: SiLU, squeeze-and-excitation', async () => {
    const silu: Network = (b, x) => b.add('Mul', [x, b.add('Sigmoid', [x])]);
    expect(await relevance(silu, [2])).toEqual(close([2 / (1 + Math.exp(-2))]));
    const excited: Network = (b, x) => {
      const squeezed = b.add('Sigmoid', [b.add('GlobalAveragePool', [x])]);
      return b.add('Mul', [squeezed, x]);
    };
    const gate = 1 / (1 + Math.exp(-2));
    expect(await relevance(excited, [1, 3], exact, [1, 1, 2])).toEqual(close([gate, 3 * gate]));
  });

  it('places are kept: concatenation, padding, transposition', async () => {
    const places: Network = (b, x) => {
      const twice = b.add('Concat', [x, b.add('Mul', [x, b.scalar(2)])], { axis: 1 });
      return b.add('Transpose', [b.add('Pad', [twice, b.ints([0, 1, 0, 1])])], { perm: [0, 1] });
    };
    expect(await relevance(places, [1, 5])).toEqual(close([3, 15]));
  });
});
