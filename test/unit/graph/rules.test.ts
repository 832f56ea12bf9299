import { describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { backwardRule, gradientRule, parseRule } from '../../../src/core/graph/rules/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { backward } from '../../support/backward.ts';

/** A rectifier, and what follows it gives each of its outputs its own weight: the g that comes back. */
const rectified = (op: string, weights: number[], more: (b: GraphBuilder) => string[] = () => [], attributes = {}) => {
  return (b: GraphBuilder, x: string) =>
    b.add('Mul', [b.add(op, [x, ...more(b)], attributes), b.floats('w', weights, [weights.length])]);
};

describe('rules on a rectifier', () => {
  // Forward below, at and above zero; g = 1 in one half, −1 in the other.
  const x = float32([-2, 0, 2, -2, 0, 2], [1, 6]);
  const relu = rectified('Relu', [1, 1, 1, -1, -1, -1]);
  const relu6 = rectified('Clip', [1, 1, 1, -1, -1, -1], (b) => [b.scalar(0), b.scalar(1)]);
  const leaky = rectified('LeakyRelu', [1, 1, 1, -1, -1, -1], undefined, { alpha: 0.1 });

  it.each([
    ['gradient', 'relu', relu, [0, 0, 1, 0, 0, -1]],
    ['deconvnet', 'relu', relu, [1, 1, 1, 0, 0, 0]],
    ['guided', 'relu', relu, [0, 0, 1, 0, 0, 0]],
    ['gradient', 'a bounded relu', relu6, [0, 0, 0, 0, 0, 0]],
    ['deconvnet', 'a bounded relu', relu6, [1, 1, 1, 0, 0, 0]],
    ['guided', 'a bounded relu', relu6, [0, 0, 0, 0, 0, 0]],
    ['deconvnet', 'a leaky relu', leaky, [1, 1, 1, 0, 0, 0]],
    ['guided', 'a leaky relu', leaky, [0, 0, 1, 0, 0, 0]],
  ])('%s through %s', async (rule, _, network, expected) => {
    expect(await backward(network, x, backwardRule(rule))).toEqual(expected);
  });

  it('other activation functions keep their derivative', async () => {
    const sigmoid = rectified('Sigmoid', [1, 1, 1, -1, -1, -1]);
    const tanh1 = rectified('Clip', [1, 1, 1, -1, -1, -1], (b) => [b.scalar(-3), b.scalar(3)]);
    for (const network of [sigmoid, tanh1])
      for (const rule of ['guided', 'deconvnet'])
        expect(await backward(network, x, backwardRule(rule))).toEqual(await backward(network, x));
  });

  it('keeps the slope of an ELU where it fires', async () => {
    const selu = rectified('Selu', [3, 3, 3, -1, -1, -1], undefined, { gamma: 2, alpha: 1 });
    expect(await backward(selu, x, backwardRule('guided'))).toEqual([0, 0, 6, 0, 0, 0]);
    expect(await backward(selu, x, backwardRule('deconvnet'))).toEqual([3, 3, 3, 0, 0, 0]);
  });

  it('gates what several paths send back only after it was added up', async () => {
    // y = 3·relu(x) − relu(x): g = 2.
    const network = (b: GraphBuilder, input: string) => {
      const relu = b.add('Relu', [input]);
      return b.add('Sub', [b.add('Mul', [relu, b.scalar(3)]), relu]);
    };
    const one = float32([-1, 1], [1, 2]);
    expect(await backward(network, one, backwardRule('deconvnet'))).toEqual([2, 2]);
    expect(await backward(network, one, backwardRule('guided'))).toEqual([0, 2]);
  });
});

describe('the seed of a rule', () => {
  it('is one, or the value that is explained', async () => {
    const network = (b: GraphBuilder, x: string) => b.add('Relu', [b.add('Mul', [x, b.scalar(2)])]);
    const x = float32([3, -1], [1, 2]);
    expect(await backward(network, x, backwardRule('guided'))).toEqual([2, 0]);
    // Outputs 6 and 0; times 2 on the way back.
    expect(await backward(network, x, backwardRule('guided', { seed: 'value' }))).toEqual([12, 0]);
  });
});

describe('rules by name', () => {
  it('are called what makes them', () => {
    expect(backwardRule('gradient')).toBe(gradientRule);
    expect(backwardRule('gradient', { switches: 'recorded' })).toBe(gradientRule);
    expect(backwardRule('deconvnet', { switches: 'none', seed: 'value' }).name).toBe(
      'deconvnet,seed=value,switches=none',
    );
    expect(parseRule('deconvnet,switches=none').name).toBe('deconvnet,switches=none');
  });

  it.each([
    ['guide', "There is no rule 'guide'. There are: 'guided', "],
    ['toString', "There is no rule 'toString'."],
    ['redirected-relu,switches=none', "The rule 'redirected-relu' takes no 'switches'; it takes nothing."],
    ['guided,switches=both', "'switches' of a rule can't be 'both'."],
    ['lrp-alpha-beta,alpha=0.5', "'alpha' of a rule can't be '0.5'."],
    ['lrp-epsilon,epsilon=', "'epsilon' of a rule can't be ''."],
    ['lrp-epsilon,alpha=2', "The rule 'lrp-epsilon' takes no 'alpha'; it takes 'epsilon'."],
    ['guided,colour=red', "No rule takes 'colour'. There are: "],
  ])('refuses %s', (text, message) => {
    expect(() => parseRule(text)).toThrow(message);
  });

  it('refuse values out of range from programs too', () => {
    expect(() => backwardRule('lrp-alpha-beta', { alpha: NaN })).toThrow("'alpha' of a rule can't be 'NaN'.");
  });
});
