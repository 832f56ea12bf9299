import { describe, expect, it } from 'vitest';
import { waistsOf } from '../../../src/core/graph/waists.ts';
import { Network } from '../cam/networks.ts';

const waists = (network: Network, ...outputs: string[]) =>
  waistsOf(network.builder.graph(outputs), 'image').map(({ tensor }) => tensor);

const branches = () =>
  new Network([3, 4, 4])
    .conv('image', 'stem', [2, 3, 1, 1])
    .conv('stem', 'left', [2, 2, 1, 1])
    .conv('left', 'deeper', [2, 2, 1, 1])
    .conv('stem', 'right', [2, 2, 1, 1])
    .add('Add', ['deeper', 'right'], 'sum')
    .add('Relu', ['sum'], 'relu');

describe('waists', () => {
  it('are what every way to the output leads through', () => {
    expect(waists(branches(), 'relu')).toEqual(['stem', 'sum', 'relu']);
  });

  it('leave out what goes past an output on the way', () => {
    expect(waists(branches(), 'left', 'relu')).toEqual(['stem']);
    expect(waists(branches(), 'sum', 'relu')).toEqual(['stem', 'sum']);
  });
});
