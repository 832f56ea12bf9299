import { describe, expect, it } from 'vitest';
import { connections } from '../../../src/core/connections/connections.ts';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import type { Layer } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

const conv = (size: number) => ({ kernel_shape: [size, size], strides: [1, 1], pads: [0, 0, 0, 0] });

/** Every node is a layer of its own. */
async function network(channels: number, write: (builder: GraphBuilder) => void): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, channels, 6, 6]);
  write(builder);
  const layer = (name: string, kind: string, nodes: string[], weights: string[]): Layer => {
    return { name, kind, output: name, before: name, after: name, nodes, weights };
  };
  const layers = builder.nodes.map(({ name, op, inputs }) =>
    layer(
      name,
      op,
      [name],
      inputs.slice(1).filter((input) => builder.constants.has(input)),
    ),
  );
  const inputs = [{ name: 'image', shape: [BATCH, channels, 6, 6], layout: 'NCHW' as const }];
  const graph = builder.graph([builder.nodes.at(-1)!.outputs[0]!]);
  const all = [layer('image', 'Input', [], []), ...layers];
  return new Session(
    { file: '/m.onnx', format: 'onnx', sha256: '', graph, inputs, layers: all, unknown: [], warnings: [] },
    await chooseEngine(),
    { input: { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' }, source: 'guess' },
  );
}

const plain = (found: readonly { layer: string; unit: number; norm: number; sum: number }[]) =>
  found.map(({ layer, unit, norm, sum }) => [layer, unit, Number(norm.toFixed(4)), Number(sum.toFixed(4))]);

describe('connections of a unit', () => {
  it('come from the channels of its kernel and go to the kernels that take it, through a ReLU', async () => {
    const found = connections(await tinyNetwork(), 'conv', 2);
    const own = ramp(4 * 27).subarray(54, 81);
    const expected = [0, 1, 2]
      .map((c) => {
        const slice = [...own.subarray(c * 9, c * 9 + 9)];
        return ['image', c, Number(Math.hypot(...slice).toFixed(4)), Number(slice.reduce((a, b) => a + b).toFixed(4))];
      })
      .sort((a, b) => Number(b[2]) - Number(a[2]));
    expect(plain(found.incoming)).toEqual(expected);
    const mix = ramp(8, 1);
    const out = [0, 1].map((o) => mix[o * 4 + 2]!).map((w, o) => ['mix', o, Math.abs(w), w] as const);
    expect(found.outgoing.map(({ layer, unit }) => [layer, unit])).toEqual(
      [...out].sort((a, b) => b[2] - a[2]).map(([layer, unit]) => [layer, unit]),
    );
    for (const { unit, norm, sum } of found.outgoing) {
      expect(norm).toBeCloseTo(Math.abs(mix[unit * 4 + 2]!), 6);
      expect(sum).toBeCloseTo(mix[unit * 4 + 2]!, 6);
    }
  });

  it('to a dense layer are over the map that it flattens', async () => {
    const { outgoing } = connections(await tinyNetwork(), 'mix', 1);
    const dense = ramp(72, 2);
    for (const { layer, unit, norm, sum } of outgoing) {
      const slice = [...dense.subarray(unit * 24 + 12, unit * 24 + 24)];
      expect(layer).toBe('dense');
      expect(norm).toBeCloseTo(Math.hypot(...slice), 5);
      expect(sum).toBeCloseTo(
        slice.reduce((a, b) => a + b),
        5,
      );
    }
    expect(outgoing).toHaveLength(3);
  });

  it('go through concatenation, pooling, batch normalisation’s scale, and what is added', async () => {
    const session = await network(1, (builder) => {
      builder.floats('a', [1, 2], [2, 1, 1, 1]);
      builder.floats('b', [3], [1, 1, 1, 1]);
      const statistics = [[4], [0], [0], [3]].map((values, i) => builder.floats(`bn${i}`, values, [1]));
      builder.floats('top', [1, 10, -100], [1, 3, 1, 1]);
      builder.addNode('Conv', ['image', 'a'], ['left'], conv(1));
      builder.addNode('Relu', ['left'], ['relu']);
      builder.addNode('MaxPool', ['relu'], ['pool'], { ...conv(1) });
      builder.addNode('Conv', ['image', 'b'], ['right'], conv(1));
      builder.addNode('BatchNormalization', ['right', ...statistics], ['normal'], { epsilon: 1 });
      builder.addNode('Concat', ['pool', 'normal'], ['both'], { axis: 1 });
      builder.addNode('Conv', ['both', 'top'], ['unit'], conv(1));
      builder.addNode('Add', ['unit', 'normal'], ['sum']);
    });
    // −100 times γ/√(σ²+ε) = 4/2.
    expect(plain(connections(session, 'unit', 0).incoming)).toEqual([
      ['right', 0, 200, -200],
      ['left', 1, 10, 10],
      ['left', 0, 1, 1],
    ]);
    expect(plain(connections(session, 'right', 0).outgoing)).toEqual([['unit', 0, 200, -200]]);
    expect(plain(connections(session, 'pool', 1).outgoing)).toEqual([['unit', 0, 10, 10]]);
    expect(plain(connections(session, 'pool', 1).incoming)).toEqual([['image', 0, 2, 2]]);
    // A sum stands for all that was added.
    expect(plain(connections(session, 'sum', 0).incoming)).toEqual([
      ['right', 0, 2, 2],
      ['unit', 0, 1, 1],
    ]);
  });

  it('stay within a group of a grouped convolution', async () => {
    const session = await network(4, (builder) => {
      builder.floats('w', [1, 2, 3, 4], [4, 1, 1, 1]);
      builder.floats('g', [1, 2, 3, 4], [2, 2, 1, 1]);
      builder.addNode('Conv', ['image', 'w'], ['depth'], { ...conv(1), group: 4 });
      builder.addNode('Conv', ['depth', 'g'], ['pairs'], { ...conv(1), group: 2 });
    });
    expect(plain(connections(session, 'depth', 2).incoming)).toEqual([['image', 2, 3, 3]]);
    expect(plain(connections(session, 'pairs', 1).incoming)).toEqual([
      ['depth', 3, 4, 4],
      ['depth', 2, 3, 3],
    ]);
    expect(plain(connections(session, 'depth', 1).outgoing)).toEqual([['pairs', 0, 2, 2]]);
  });

  it('are the strongest, as many as asked for; a unit that is not there is said', async () => {
    const session = await tinyNetwork();
    expect(connections(session, 'dense', 0, 1).incoming).toHaveLength(1);
    expect(() => connections(session, 'conv', 4)).toThrow("Layer 'conv' has no unit 4 whose connections are known.");
    expect(() => connections(session, 'cnov', 0)).toThrow("'conv'");
  });
});
