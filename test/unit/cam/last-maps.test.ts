import { describe, expect, it } from 'vitest';
import { lastMaps } from '../../../src/core/cam/last-maps.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { Network } from './networks.ts';

function lastOf(network: Network, explained: string): string | undefined {
  const graph = network.graph(explained);
  return lastMaps(graph, inferShapes(graph), 'image', explained);
}

const stack = () =>
  new Network([3, 8, 8])
    .conv('image', 'conv1', [4, 3, 3, 3])
    .add('Relu', ['conv1'], 'relu1')
    .pool('MaxPool', 'relu1', 'pool1', 2)
    .conv('pool1', 'conv2', [5, 4, 3, 3])
    .add('Relu', ['conv2'], 'relu2')
    .pool('MaxPool', 'relu2', 'pool2', 2)
    .add('Flatten', ['pool2'], 'flat', { axis: 1 })
    .dense('flat', 'dense', Array(2).fill(Array(20).fill(0.1)), [0, 0]);

describe('the last maps', () => {
  it('of a plain network are the last convolution after its activation, before the pooling', () => {
    expect(lastOf(stack(), 'dense')).toBe('relu2');
  });

  it('of a residual network are those after the sum', () => {
    const network = new Network([3, 4, 4])
      .conv('image', 'stem', [4, 3, 3, 3])
      .conv('stem', 'branch', [4, 4, 3, 3])
      .add('Add', ['branch', 'stem'], 'sum')
      .add('Relu', ['sum'], 'relu')
      .add('GlobalAveragePool', ['relu'], 'pool');
    expect(lastOf(network, 'pool')).toBe('relu');
  });

  it('of branches are those that join them', () => {
    const network = new Network([3, 4, 4])
      .conv('image', 'stem', [4, 3, 3, 3])
      .conv('stem', 'left', [2, 4, 1, 1])
      .conv('stem', 'right', [3, 4, 3, 3])
      .add('Concat', ['left', 'right'], 'joined', { axis: 1 })
      .add('GlobalAveragePool', ['joined'], 'pool');
    expect(lastOf(network, 'pool')).toBe('joined');
  });

  it('of a unit in maps lie below a further convolution', () => {
    expect(lastOf(stack(), 'relu2')).toBe('relu1');
    expect(lastOf(stack(), 'conv2')).toBe('relu1');
    expect(lastOf(stack(), 'conv1')).toBeUndefined();
  });

  it('are not those of a convolution on one position', () => {
    const network = new Network([3, 4, 4])
      .conv('image', 'stem', [4, 3, 3, 3])
      .add('GlobalAveragePool', ['stem'], 'pool')
      .conv('pool', 'classes', [2, 4, 1, 1]);
    expect(lastOf(network, 'classes')).toBe('stem');
  });

  it('are missing without a convolution', () => {
    const network = new Network([1, 2, 2])
      .add('Flatten', ['image'], 'flat', { axis: 1 })
      .dense('flat', 'dense', [[1, 2, 3, 4]], [0]);
    expect(lastOf(network, 'dense')).toBeUndefined();
  });
});
