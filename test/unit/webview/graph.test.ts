import { describe, expect, it } from 'vitest';
import type { LayerSummary } from '../../../src/core/summaries.ts';
import { layoutGraph, SIZES, type Box } from '../../../src/webview/graph/layout.ts';
import { neighbour } from '../../../src/webview/graph/navigation.ts';
import { foldedAtFirst, layersOf, searchLayers, structureOf } from '../../../src/webview/graph/structure.ts';
import { throughPoints } from '../../../src/webview/graph/wires.ts';

const layer = (name: string, kind: string, inputs: string[], more: Partial<LayerSummary> = {}): LayerSummary => ({
  name,
  kind,
  shape: [8, 16, 16],
  parameters: 0,
  flops: 0,
  attributes: {},
  inputs,
  block: name.includes('/') ? name.split('/')[0] : undefined,
  hasFilters: kind === 'Conv',
  runnable: true,
  ...more,
});

/** A fire module, as SqueezeNet has them: squeeze, two branches, concat. */
const fire = (name: string, input: string): LayerSummary[] => [
  layer(`${name}/squeeze`, 'Conv', [input]),
  layer(`${name}/relu`, 'Relu', [`${name}/squeeze`]),
  layer(`${name}/left`, 'Conv', [`${name}/relu`]),
  layer(`${name}/right`, 'Conv', [`${name}/relu`]),
  layer(`${name}/concat`, 'Concat', [`${name}/left`, `${name}/right`]),
];

const network = [
  layer('data', 'Input', []),
  layer('conv1', 'Conv', ['data']),
  layer('relu1', 'Relu', ['conv1']),
  layer('pool1', 'MaxPool', ['relu1']),
  ...fire('fire2', 'pool1'),
  ...fire('fire3', 'fire2/concat'),
  layer('prob', 'Softmax', ['fire3/concat'], { shape: [10] }),
];
const structure = structureOf(network, 'prob');
const options = { folded: new Set<string>(), withImage: true, decision: 'prob' };
const box = (boxes: readonly Box[], name: string): Box =>
  boxes.find((one) => (one.type === 'block' ? one.block.id : one.stack.id) === name)!;

describe('boxes of a network', () => {
  it('an activation joins the layer that it finishes', () => {
    expect(structure.stackOf.get('relu1')!.layers.map(({ name }) => name)).toEqual(['conv1', 'relu1']);
  });

  it('not where another layer takes what is before it', () => {
    const residual = structureOf([
      layer('in', 'Input', []),
      layer('conv', 'Conv', ['in']),
      layer('relu', 'Relu', ['conv']),
      layer('add', 'Add', ['relu', 'conv']),
    ]);
    expect(residual.stackOf.get('relu')!.id).toBe('relu');
  });

  it('the decision has a box of its own', () => {
    expect(structure.stackOf.get('prob')!.layers).toHaveLength(1);
  });

  it('every layer is in exactly one box', () => {
    const names = structure.items.flatMap((item) => layersOf(item).map(({ name }) => name));
    expect([...names].sort()).toEqual(network.map(({ name }) => name).sort());
  });

  it('a block of one box is no block', () => {
    const single = structureOf([
      layer('in', 'Input', []),
      layer('a/conv', 'Conv', ['in']),
      layer('a/relu', 'Relu', ['a/conv']),
    ]);
    expect(single.items.every(({ type }) => type === 'stack')).toBe(true);
  });

  it('large networks open folded, small ones do not', () => {
    expect(foldedAtFirst(structure).size).toBe(0);
    const large = structureOf([
      layer('data', 'Input', []),
      ...Array.from({ length: 7 }, (_, n) => fire(`f${n}`, n ? `f${n - 1}/concat` : 'data')).flat(),
    ]);
    expect([...foldedAtFirst(large)]).toEqual(
      ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'].map((name) => `block:${name}`),
    );
  });
});

describe('layout', () => {
  const open = layoutGraph(structure, options);

  it('goes from top to bottom, and no two boxes overlap but a block and what is in it', () => {
    expect(box(open.boxes, 'data').y).toBeLessThan(box(open.boxes, 'conv1').y);
    expect(box(open.boxes, 'conv1').y).toBeLessThan(box(open.boxes, 'block:fire2').y);
    const stacks = open.boxes.filter(({ type }) => type === 'stack');
    for (const a of stacks)
      for (const b of stacks)
        if (a !== b)
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
            true,
          );
  });

  it('weights alone are a list, in the order of the file, without wires', () => {
    const lone = (name: string, block?: string) =>
      layer(name, 'Conv2d', [], { parameters: 9, runnable: false, ...(block && { block }) });
    const list = [lone('conv1'), lone('fire.a', 'fire'), lone('fire.b', 'fire'), lone('last')];
    const { boxes, wires, places } = layoutGraph(structureOf(list), {
      ...options,
      withImage: false,
      drawn: new Set(['conv1']),
    });
    expect(wires).toEqual([]);
    const tops = list.map(({ name }) => places.get(name)!.y);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(new Set(boxes.filter(({ type }) => type === 'block').map(({ x }) => x)).size).toBe(1);
    expect(boxes[0]).toMatchObject({ picture: 'strip' });
  });

  it('branches stand side by side, inside their block', () => {
    const [left, right, block] = ['fire2/left', 'fire2/right', 'block:fire2'].map((name) => box(open.boxes, name));
    expect(left!.y).toBe(right!.y);
    for (const inner of [left!, right!]) {
      expect(inner.x).toBeGreaterThanOrEqual(block!.x + SIZES.blockPad - 1);
      expect(inner.x + inner.width).toBeLessThanOrEqual(block!.x + block!.width - SIZES.blockPad + 1);
      expect(inner.y + inner.height).toBeLessThan(block!.y + block!.height);
    }
  });

  it('a folded block is one box, and wires go around nothing', () => {
    const folded = layoutGraph(structure, { ...options, folded: new Set(['block:fire2', 'block:fire3']) });
    expect(folded.places.has('fire2/left')).toBe(false);
    expect(folded.wires.map(({ from, to }) => [from, to])).toEqual([
      ['data', 'conv1'],
      ['conv1', 'pool1'],
      ['pool1', 'block:fire2'],
      ['block:fire2', 'block:fire3'],
      ['block:fire3', 'prob'],
    ]);
    expect(folded.height).toBeLessThan(open.height);
  });

  it('keeps room for pictures before they are there', () => {
    const bare = layoutGraph(structure, { ...options, withImage: false, drawn: new Set(['conv1']) });
    expect(box(open.boxes, 'data').height).toBeGreaterThan(box(bare.boxes, 'data').height);
    expect(box(open.boxes, 'prob')).toMatchObject({ picture: 'decision' });
    expect(box(bare.boxes, 'conv1')).toMatchObject({ picture: 'strip' });
    expect(box(open.boxes, 'pool1')).toMatchObject({ picture: 'none', height: SIZES.row });
  });

  it('lays 300 layers out in well under a second', () => {
    const deep = structureOf([
      layer('data', 'Input', []),
      ...Array.from({ length: 60 }, (_, n) => fire(`f${n}`, n ? `f${n - 1}/concat` : 'data')).flat(),
    ]);
    const started = performance.now();
    expect(layoutGraph(deep, options).boxes).toHaveLength(1 + 60 * 5);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('going through the graph by keyboard', () => {
  const open = layoutGraph(structure, options);

  it('down and up along the layers', () => {
    expect(neighbour(open, 'data', 'down')).toBe('conv1');
    expect(neighbour(open, 'conv1', 'down')).toBe('relu1');
    expect(neighbour(open, 'relu1', 'up')).toBe('conv1');
    expect(neighbour(open, 'data', 'up')).toBeUndefined();
  });

  it('aside between branches', () => {
    const [left, right] = [box(open.boxes, 'fire2/left'), box(open.boxes, 'fire2/right')];
    const [first, second] = left.x < right.x ? ['fire2/left', 'fire2/right'] : ['fire2/right', 'fire2/left'];
    expect(neighbour(open, first!, 'right')).toBe(second);
    expect(neighbour(open, second!, 'left')).toBe(first);
    expect(neighbour(open, second!, 'right')).toBeUndefined();
  });

  it('reaches every place from the top', () => {
    const reached = new Set(['data']);
    for (const name of reached)
      for (const direction of ['up', 'down', 'left', 'right'] as const) {
        const next = neighbour(open, name, direction);
        if (next !== undefined) reached.add(next);
      }
    expect([...open.places.keys()].filter((name) => !reached.has(name))).toEqual([]);
  });
});

it('search finds names and kinds, whatever their case', () => {
  expect(searchLayers(network, 'CONV1')).toEqual(['conv1']);
  expect(searchLayers(network, 'maxpool')).toEqual(['pool1']);
  expect(searchLayers(network, '  ')).toEqual([]);
});

it('wires are straight where they can be', () => {
  expect(
    throughPoints([
      { x: 5, y: 0 },
      { x: 5, y: 9 },
    ]),
  ).toBe('M5,0V9');
  expect(
    throughPoints([
      { x: 0, y: 0 },
      { x: 10, y: 20 },
    ]),
  ).toBe('M0,0C0,10 10,10 10,20');
  expect(throughPoints([])).toBe('');
});
