import { describe, expect, it } from 'vitest';
import { pooledMaps } from '../../../src/core/cam/head.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { int64 } from '../../../src/core/graph/tensor.ts';
import { byHand, Network } from './networks.ts';

function pooledOf(network: Network, score: string): string {
  const graph = network.graph(score);
  return pooledMaps(graph, inferShapes(graph), score);
}

const stem = () => new Network([3, 4, 4]).conv('image', 'stem', [2, 3, 3, 3]).add('Relu', ['stem'], 'relu');

describe('the head that CAM needs', () => {
  it('is global average pooling and a dense layer', () => {
    expect(pooledOf(byHand(), 'dense')).toBe('relu');
  });

  it('may be a mean over the positions, or pooling over all of them', () => {
    const mean = stem();
    mean.builder.constant('axes', int64([-1, 2]));
    mean.add('ReduceMean', ['relu', 'axes'], 'mean', { keepdims: 0 }).dense('mean', 'dense', [[1, 2]], [0]);
    expect(pooledOf(mean, 'dense')).toBe('relu');
    const pool = stem().pool('AveragePool', 'relu', 'pool', 4).conv('pool', 'classes', [2, 2, 1, 1]);
    expect(pooledOf(pool, 'classes')).toBe('relu');
  });

  it('may have the classes before the pooling', () => {
    const network = stem().conv('relu', 'classes', [2, 2, 1, 1]).add('Relu', ['classes'], 'positive');
    expect(pooledOf(network.add('GlobalAveragePool', ['positive'], 'pool'), 'pool')).toBe('positive');
  });

  it.each([
    ['a dense layer on positions', () => stem().add('Flatten', ['relu'], 'end', { axis: 1 }), "Flatten 'end' weighs"],
    ['another pooling', () => stem().add('GlobalMaxPool', ['relu'], 'end'), "GlobalMaxPool 'end' stands between"],
    ['pooling of parts', () => stem().pool('AveragePool', 'relu', 'end', 2), "AveragePool 'end' stands between"],
    [
      'an activation behind the pooling',
      () => stem().add('GlobalAveragePool', ['relu'], 'pool').add('Relu', ['pool'], 'end'),
      "Relu 'end' stands between",
    ],
  ])('is not %s, and the user is told', (_, network, why) => {
    expect(() => pooledOf(network(), 'end')).toThrow(why);
    expect(() => pooledOf(network(), 'end')).toThrow('Grad-CAM draws such a map for any network');
  });
});
