import { describe, expect, it } from 'vitest';
import { distinctNames } from '../../../src/core/comparison/names.ts';
import { matchLayers, type Matchable } from '../../../src/core/comparison/match.ts';

const layer = (name: string, shape: number[] | undefined = [4, 8, 8], hasFilters = true): Matchable => ({
  name,
  kind: 'Conv',
  shape,
  hasFilters,
});
const plain = (a: Matchable[], b: Matchable[]) =>
  [...matchLayers(a, b)].map(([name, match]) => `${name} ${match.by} ${match.name}`);

describe('layers of two models', () => {
  it('are matched by name first, whatever their shape', () => {
    const a = [layer('x'), layer('y', [9, 1, 1])];
    expect(plain(a, [layer('y'), layer('x')])).toEqual(['x name x', 'y name y']);
  });

  it('have the same name whatever stands between its parts, where that is one layer’s alone', () => {
    const a = [layer('stem/conv'), layer('Block1.conv'), layer('a_b'), layer('a.b')];
    const b = [layer('block1_conv'), layer('stem_conv'), layer('a/b')];
    expect(plain(a, b).slice(0, 2)).toEqual(['stem/conv name stem_conv', 'Block1.conv name block1_conv']);
    expect(plain(a, b)[2]).toBe('a_b order a/b');
  });

  it('are matched by order where names differ: equal shape, weights where the other has them', () => {
    const a = [layer('conv'), layer('relu', [4, 8, 8], false), layer('conv_1', [8, 4, 4]), layer('dense', [10])];
    const b = [layer('layer1'), layer('layer2', [4, 8, 8], false), layer('layer3', [8, 4, 4]), layer('fc', [7])];
    expect(plain(a, b)).toEqual(['conv order layer1', 'relu order layer2', 'conv_1 order layer3', 'dense place fc']);
  });

  it('keep their order where one has more of them', () => {
    const a = [layer('a1'), layer('a2', [8, 4, 4]), layer('a3')];
    const b = [layer('b1', [8, 4, 4]), layer('b2'), layer('b3', [8, 4, 4]), layer('b4')];
    expect(plain(a, b)).toEqual(['a1 order b2', 'a2 order b3', 'a3 order b4']);
  });

  it('with weights and of other or unknown shapes are matched by their place alone, others not at all', () => {
    const unknown = (name: string, hasFilters = true) => ({ ...layer(name), shape: undefined, hasFilters });
    expect(plain([unknown('a'), unknown('x', false)], [unknown('b'), unknown('y', false)])).toEqual(['a place b']);
  });
});

describe('names of two files', () => {
  it('have as many folders as tell them apart', () => {
    expect(distinctNames('/m/a.onnx', '/m/b.onnx')).toEqual(['a.onnx', 'b.onnx']);
    expect(distinctNames('/m/1/x.pt', '/m/2/x.pt')).toEqual(['1/x.pt', '2/x.pt']);
    expect(distinctNames('C:\\m\\x.pt', 'C:\\x.pt')).toEqual(['m/x.pt', 'C:/x.pt']);
    expect(distinctNames('/x.pt', '/x.pt')).toEqual(['/x.pt', '/x.pt']);
  });
});
