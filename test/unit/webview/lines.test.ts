import { describe, expect, it } from 'vitest';
import type { Connections, LayerSummary } from '../../../src/protocol/worker.ts';
import { layoutGraph } from '../../../src/webview/graph/layout.ts';
import { linesOf } from '../../../src/webview/graph/lines.ts';
import { structureOf } from '../../../src/webview/graph/structure.ts';

const layer = (name: string, kind: string, channels: number, inputs: string[], block?: string): LayerSummary => ({
  name,
  kind,
  shape: [channels, 8, 8],
  parameters: kind === 'Conv' ? 9 : 0,
  flops: 0,
  attributes: {},
  inputs,
  hasFilters: kind === 'Conv',
  runnable: true,
  ...(block !== undefined && { block }),
});

const structure = structureOf([
  layer('image', 'Input', 3, []),
  layer('a', 'Conv', 4, ['image']),
  layer('relu', 'Relu', 4, ['a']),
  layer('b/x', 'Conv', 2, ['relu'], 'b'),
  layer('b/y', 'Conv', 2, ['b/x'], 'b'),
]);
const found: Connections = {
  layer: 'a',
  unit: 1,
  incoming: [
    { layer: 'image', unit: 2, norm: 4, sum: -1 },
    { layer: 'image', unit: 0, norm: 1, sum: 1 },
  ],
  outgoing: [{ layer: 'b/x', unit: 1, norm: 3, sum: 2 }],
};

describe('lines of connections', () => {
  const layout = layoutGraph(structure, { folded: new Set(), withImage: false });
  const lines = linesOf(layout, structure, found);
  const lineTo = (name: string, unit: number) =>
    lines.find(({ connection }) => connection.layer === name && connection.unit === unit)!;

  it('are as thick as the kernel’s norm, and know its sign', () => {
    expect(lines).toHaveLength(3);
    expect(lineTo('image', 2)).toMatchObject({ width: 4, excites: false });
    expect(lineTo('image', 0)).toMatchObject({ width: 1, excites: true });
    expect(lineTo('b/x', 1)).toMatchObject({ width: 4, excites: true });
  });

  it('leave a box at its bottom and enter at the top, at the unit’s place', () => {
    const [image, x] = ['image', 'b/x'].map((name) => layout.places.get(name)!);
    expect(lineTo('image', 2).end.y).toBe(image!.y + image!.height);
    expect(lineTo('b/x', 1).end.y).toBe(x!.y);
    expect(lineTo('image', 0).end.x).toBeLessThan(lineTo('image', 2).end.x);
    // From below the ReLU, which is drawn with its convolution.
    const relu = layout.places.get('relu')!;
    expect(lineTo('b/x', 1).path).toMatch(new RegExp(`^M[\\d.]+,${relu.y + relu.height}C`));
  });

  it('go to a folded block; inside of one nothing is drawn', () => {
    const folded = layoutGraph(structure, { folded: new Set(['block:b']), withImage: false });
    const [line] = linesOf(folded, structure, { ...found, incoming: [] });
    expect(line!.end.y).toBe(folded.places.get('block:b')!.y);
    const inside: Connections = {
      layer: 'b/x',
      unit: 0,
      incoming: [],
      outgoing: [{ layer: 'b/y', unit: 0, norm: 1, sum: 1 }],
    };
    expect(linesOf(folded, structure, inside)).toEqual([]);
  });
});
