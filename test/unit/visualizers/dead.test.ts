import { describe, expect, it } from 'vitest';
import type { MosaicResult } from '../../../src/core/results.ts';
import type { Layer } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';
import { filters } from '../../../src/core/visualizers/filters.ts';
import { resultOf, tinyNetwork } from './tiny-network.ts';

/** The tiny network with a ReLU after `mix`, and the given kernels there: two of four weights. */
async function rectified(weights: readonly number[], bias?: readonly number[]): Promise<Session> {
  const { model, engine, description } = await tinyNetwork();
  const { graph } = model;
  const constants = new Map(graph.constants);
  constants.set('mix/w', { dtype: 'float32', shape: [2, 4, 1, 1], data: Float32Array.from(weights) });
  if (bias) constants.set('mix/b', { dtype: 'float32', shape: [2], data: Float32Array.from(bias) });
  const nodes = graph.nodes.flatMap((node) => {
    if (node.name === 'flatten')
      return [
        { op: 'Relu', name: 'mixed', inputs: ['mix'], outputs: ['mixed'], attributes: {} },
        { ...node, inputs: ['mixed'] },
      ];
    return [node.name === 'mix' && bias ? { ...node, inputs: [...node.inputs, 'mix/b'] } : node];
  });
  const layers = model.layers.map((layer): Layer => (layer.name === 'mix' ? { ...layer, after: 'mixed' } : layer));
  return new Session({ ...model, graph: { ...graph, nodes, constants }, layers }, engine, description);
}

const tilesOf = async (session: Session) => {
  const result = (await resultOf(filters, session, { layer: 'mix' })) as MosaicResult;
  return { dead: result.tiles.map(({ dead }) => dead), notes: result.notes, list: result.metrics['dead'] };
};

describe('dead filters', () => {
  it('are those without weights, and those that hold back whatever comes', async () => {
    expect(await tilesOf(await rectified([0, 0, 0, 0, -1, -2, 0, -1]))).toEqual({
      dead: ['zero', 'never'],
      notes: [
        '1 of 2 filters are dead: all their weights are zero.',
        '1 of 2 filters are dead: their weights and bias hold back whatever they see.',
      ],
      list: [0, 1],
    });
  });

  it('live on a positive bias, or on one positive weight', async () => {
    expect(await tilesOf(await rectified([-1, -1, -1, -1, -1, -2, 1e-3, -1], [0.1, -1]))).toEqual({
      dead: [undefined, undefined],
      notes: [],
      list: [],
    });
  });

  it('are only told where what they see is never negative: the first layer’s see pictures of any sign', async () => {
    const session = await rectified([1, 1, 1, 1, 1, 1, 1, 1]);
    (session.model.graph.constants.get('conv/w')!.data as Float32Array).fill(-1);
    const result = (await resultOf(filters, session, { layer: 'conv' })) as MosaicResult;
    expect(result.tiles.map(({ dead }) => dead)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
