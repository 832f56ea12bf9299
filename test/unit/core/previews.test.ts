import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/core/classify.ts';
import { openSession } from '../../../src/core/open.ts';
import { previews } from '../../../src/core/previews.ts';
import { kernelsOf } from '../../../src/core/visualizers/kernels.ts';
import { activations } from '../../../src/core/visualizers/activations.ts';
import { toInput } from '../../../src/core/images/preprocess.ts';
import { Session } from '../../../src/core/session.ts';
import { arrayOf, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const { signal } = new AbortController();
const width = 5;
const height = 6;
const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
const source = { name: 'dropped', width, height, rgba };
const rgb = rgba.filter((_, i) => i % 4 !== 3);

describe('previews', () => {
  it('show the picture, and of each layer with maps the channels with the largest norms', async () => {
    const session = await tinyNetwork();
    const found = await previews(session, source, signal);
    expect(found.map(({ layer }) => layer)).toEqual(['image', 'conv', 'relu', 'mix']);
    expect(found[0]).toMatchObject({ width, height, colour: true, tiles: rgb });

    const input = session.model.inputs[0]!;
    const tensor = toInput({ width, height, rgb }, input, session.description.input);
    const maps = arrayOf(await resultOf(activations, session, { layer: 'relu', tensor }), 'activation').data;
    const norms = [0, 1, 2, 3].map((c) => Math.hypot(...maps.subarray(c * 12, c * 12 + 12)));
    const relu = found[2]!;
    expect(relu).toMatchObject({ width: 3, height: 4, colour: false });
    expect([...relu.units]).toEqual([0, 1, 2, 3].sort((a, b) => norms[b]! - norms[a]!));
    relu.units.forEach((unit, n) => {
      const map = [...maps.subarray(unit * 12, unit * 12 + 12)];
      const [low, high] = [Math.min(...map), Math.max(...map)];
      const expected = map.map((value) => (high > low ? Math.round((255 * (value - low)) / (high - low)) : 0));
      expect([...relu.tiles.subarray(n * 12, n * 12 + 12)]).toEqual(expected);
    });
  });

  it('without a picture are the filters: those that see colours as such', async () => {
    const found = await previews(await tinyNetwork(), undefined, signal);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ layer: 'conv', width: 3, height: 3, units: [0, 1, 2, 3], colour: true });
    expect(found[0]!.tiles).toHaveLength(4 * 27);
  });

  it('without a picture are, of deeper filters, the kernels that weigh most', async () => {
    const session = await openSession(path.resolve(import.meta.dirname, '../../../media/samples/digits.onnx'));
    const found = await previews(session, undefined, signal);
    expect(found.map(({ layer, colour }) => [layer, colour])).toEqual([
      ['conv1', false],
      ['conv2', false],
      ['conv3', false],
    ]);
    const { weights } = kernelsOf(
      session,
      session.model.layers.find(({ name }) => name === 'conv2')!,
    );
    const kernels = Array.from({ length: 16 }, (_, i) => weights.data.subarray((16 + i) * 25, (17 + i) * 25));
    const heaviest = kernels.toSorted((a, b) => Math.hypot(...b) - Math.hypot(...a))[0]!;
    const [low, high] = [Math.min(...heaviest), Math.max(...heaviest)];
    const expected = heaviest.map((value) => Math.round((255 * (value - low)) / (high - low)));
    expect(Array.from(found[1]!.tiles.subarray(25, 50))).toEqual(Array.from(expected));
    await session.dispose();
  });

  it('end when cancelled', async () => {
    const session = await tinyNetwork();
    await expect(previews(session, source, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('classify', () => {
  it('gives the picture at the size of the input, and its classes', async () => {
    const summary = await classify(await tinyNetwork(), source, signal);
    expect(summary).toMatchObject({ name: 'dropped', width, height, rgb });
    expect(summary.top.map(({ label }) => label).toSorted()).toEqual(['cat', 'dog', 'tree']);
    const probabilities = summary.top.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  it('has no classes for a network that is no classifier', async () => {
    const session = await tinyNetwork();
    const cut = { ...session.model, graph: { ...session.model.graph, outputs: ['mix'] } };
    const summary = await classify(new Session(cut, session.engine, session.description), source, signal);
    expect(summary).toMatchObject({ width, height, rgb, top: [] });
  });
});
