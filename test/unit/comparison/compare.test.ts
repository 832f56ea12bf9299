import { describe, expect, it } from 'vitest';
import { compareModels } from '../../../src/core/comparison/compare.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { Session } from '../../../src/core/session.ts';
import { hasShared, needsShared, sharedModel, SQUEEZENET } from '../../support/shared.ts';
import { openSession } from '../../../src/core/open.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

/** The tiny network with `by` added to one weight; and other layers' names, where asked for. */
async function changed(tensor: string, at: number, by: number, rename = false): Promise<Session> {
  const { model, engine, description } = await tinyNetwork();
  const constants = new Map(model.graph.constants);
  const { shape, data } = constants.get(tensor)!;
  const values = Float32Array.from(data as Float32Array);
  values[at]! += by;
  constants.set(tensor, { dtype: 'float32', shape, data: values });
  const layers = rename ? model.layers.map((layer) => ({ ...layer, name: `new/${layer.name}` })) : model.layers;
  return new Session({ ...model, file: '/b.onnx', graph: { ...model.graph, constants }, layers }, engine, description);
}

const image = {
  name: 'noise',
  width: 5,
  height: 6,
  rgba: Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 256),
};

async function compared(a: Session, b: Session, request: Partial<RunRequest>) {
  const asked = { method: 'filters', model: a.model.file, layer: 'conv', ...request };
  const steps = compareModels(a, b, asked, new AbortController().signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

describe('two models', () => {
  it('differ where their weights do: unit by unit, with the norm', async () => {
    // Filter 2, channel 1, row 1, column 0.
    const at = 2 * 27 + 9 + 3;
    const { difference, match, notes } = await compared(await tinyNetwork(), await changed('conv/w', at, 0.5), {});
    expect(match).toEqual({ name: 'conv', by: 'name' });
    expect(notes).toEqual([]);
    expect(difference!.tiles.map(({ norm }) => Number(norm.toFixed(5)))).toEqual([0, 0, 0.5, 0]);
    expect(difference!.metrics['norm']).toBeCloseTo(0.5, 5);
    expect(difference!.metrics['relative']).toBeCloseTo(0.5 / Math.hypot(...ramp(108)), 5);
    const { data, shape } = difference!.arrays['difference']!;
    expect(shape).toEqual([4, 3, 3, 3]);
    expect(Number(data[at])).toBeCloseTo(0.5, 5);
    // Three channels in a grid of 2×2, 3×3 each, a value apart: channel 1 is at the top right.
    expect(difference).toMatchObject({ signed: true, width: 7, height: 7 });
    expect(difference!.values[2 * 49 + 1 * 7 + 4]).toBeCloseTo(0.5, 5);
  });

  it('differ in what they make of the same image', async () => {
    const { a, b, difference } = await compared(await tinyNetwork(), await changed('mix/w', 0, 1), {
      method: 'activations',
      layer: 'mix',
      image,
    });
    const [one, other] = [a, b].map(({ result }) => result.arrays['activation']!.data as Float32Array);
    difference!.values.forEach((value, i) => expect(value).toBeCloseTo(other![i]! - one![i]!, 4));
    expect(difference!.tiles[0]!.norm).toBeGreaterThan(0);
    expect(difference!.tiles[1]!.norm).toBe(0);
    expect(difference!.image).toBeDefined();
  });

  it('that prepare images differently are said to', async () => {
    const [a, b] = [await tinyNetwork(), await tinyNetwork()];
    const input = { ...b.description.input, scale: 7 };
    const other = new Session(b.model, b.engine, { ...b.description, input, source: 'guess' });
    const { notes } = await compared(a, other, { method: 'activations', image });
    expect(notes).toEqual([
      expect.stringMatching(/^The two prepare images differently, and one way or both are guessed/),
    ]);
    expect((await compared(a, other, {})).notes).toEqual([]);
  });

  it('are matched by place where names differ, and it is said', async () => {
    const { match, b, difference, notes } = await compared(
      await tinyNetwork(),
      await changed('conv/w', 0, 1, true),
      {},
    );
    expect(match).toEqual({ name: 'new/conv', by: 'order' });
    expect(b.provenance).toMatchObject({ model: '/b.onnx', layer: 'new/conv' });
    expect(difference!.metrics['norm']).toBeCloseTo(1, 5);
    expect(notes).toEqual(['conv is compared with new/conv, by its place and shape.']);
  });

  it('that are equal are said to be', async () => {
    const { difference } = await compared(await tinyNetwork(), await tinyNetwork(), {});
    expect(difference!.metrics).toMatchObject({ norm: 0, relative: 0 });
    expect(difference!.notes).toEqual(['Both are equal, value by value.']);
  });

  it('whose filters differ by factors alone are said to', async () => {
    const b = await tinyNetwork();
    const constants = new Map(b.model.graph.constants);
    const { shape } = constants.get('conv/w')!;
    const scaled = (factors: readonly number[]) => {
      const data = ramp(108).map((value, i) => value * factors[Math.floor(i / 27)]!);
      const graph = {
        ...b.model.graph,
        constants: new Map(constants).set('conv/w', { dtype: 'float32', shape, data }),
      };
      return new Session({ ...b.model, graph }, b.engine, b.description);
    };
    const folded = await compared(b, scaled([0.5, 2, 1, -3]), {});
    expect(folded.difference!.notes).toEqual([
      "Each filter is the other's times a factor (0.500 to 3.00 in size), as where batch normalization is folded into one of them: a layer behind that tells whether both compute the same.",
    ]);
    const rounded = await compared(b, scaled([1.0001, 1, 1, 1]), {});
    expect(rounded.difference!.notes).toEqual([]);
  });

  it('of other shapes have no difference, and both are shown', async () => {
    const b = await tinyNetwork();
    const constants = new Map(b.model.graph.constants);
    constants.set('conv/w', { dtype: 'float32', shape: [4, 3, 1, 1], data: ramp(12) });
    const nodes = b.model.graph.nodes.map((node) =>
      node.name === 'conv'
        ? { ...node, attributes: { ...node.attributes, kernel_shape: [1, 1], pads: [-1, -1, -1, -1] } }
        : node,
    );
    const other = new Session({ ...b.model, graph: { ...b.model.graph, nodes, constants } }, b.engine, b.description);
    const found = await compared(await tinyNetwork(), other, {});
    expect(found.difference).toBeUndefined();
    expect(found.notes).toEqual(['No difference: the shapes are 4×3×3×3 and 4×3×1×1.']);
    expect(found.b.result.arrays['weights']!.shape).toEqual([4, 3, 1, 1]);
  });

  it('say what can’t be compared', async () => {
    const [a, b] = [await tinyNetwork(), await tinyNetwork()];
    await expect(compared(a, b, { method: 'saliency' })).rejects.toThrow(
      "saliency can't be compared. What can: filters, activations.",
    );
    const short = new Session({ ...b.model, layers: b.model.layers.slice(0, 1) }, b.engine, b.description);
    await expect(compared(a, short, {})).rejects.toThrow("'conv' has no counterpart in /tiny.onnx");
  });

  it.skipIf(!hasShared)(`SqueezeNet’s ONNX and Caffe files hold the same filters${needsShared}`, async () => {
    const caffe = sharedModel('squeezenet10-deepcomp', 'squeezenet10.caffemodel');
    const [a, b] = await Promise.all([openSession(SQUEEZENET), openSession(caffe)]);
    const { difference, match } = await compared(a, b, { layer: 'conv1' });
    expect(match.name).toBe('conv1');
    expect(difference!.tiles).toHaveLength(96);
    expect(difference!.metrics['norm']).toBe(0);
  });
});
