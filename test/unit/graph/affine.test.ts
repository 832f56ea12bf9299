import { describe, expect, it } from 'vitest';
import { affineWaist } from '../../../src/core/graph/affine.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { Network } from '../cam/networks.ts';

const waist = (network: Network, output: string) =>
  affineWaist(prune(network.builder.graph(), [output]), 'image')?.tensor;
const stem = () => new Network([3, 4, 4]).conv('image', 'stem', [2, 3, 1, 1]);

describe('the affine start of a network', () => {
  it('ends before the first activation function, or with the network', () => {
    expect(waist(stem().add('Relu', ['stem'], 'relu').conv('relu', 'top', [2, 2, 1, 1]), 'top')).toBe('stem');
    expect(waist(stem().pool('AveragePool', 'stem', 'pool', 2).add('Tanh', ['pool'], 'tanh'), 'tanh')).toBe('pool');
    expect(waist(stem().conv('stem', 'top', [2, 2, 1, 1]), 'top')).toBe('top');
  });

  it('holds branches that meet again', () => {
    const network = stem()
      .conv('stem', 'left', [2, 2, 1, 1])
      .conv('stem', 'right', [2, 2, 1, 1])
      .add('Sub', ['left', 'right'], 'difference')
      .add('Relu', ['difference'], 'relu');
    expect(waist(network, 'relu')).toBe('difference');
  });

  it('is where an activation function has not yet been passed by any way', () => {
    const network = stem()
      .add('Relu', ['stem'], 'relu')
      .conv('stem', 'linear', [2, 2, 1, 1])
      .add('Add', ['relu', 'linear'], 'sum');
    expect(waist(network, 'sum')).toBe('stem');
  });

  it('does not hold products of what depends on the picture, nor quotients by it', () => {
    const both = stem().conv('stem', 'other', [2, 2, 1, 1]);
    expect(waist(both.add('Mul', ['stem', 'other'], 'product'), 'product')).toBe('stem');
    const inverse = stem();
    inverse.builder.constant('one', { dtype: 'float32', shape: [], data: Float32Array.of(1) });
    expect(waist(inverse.add('Div', ['one', 'stem'], 'quotient'), 'quotient')).toBe('stem');
    expect(waist(inverse.add('Div', ['stem', 'one'], 'same'), 'same')).toBe('same');
  });

  it('is none where the picture itself is bent', () => {
    expect(waist(new Network([3, 4, 4]).add('Relu', ['image'], 'relu').conv('relu', 'top', [2, 3, 1, 1]), 'top')).toBe(
      undefined,
    );
  });
});
