import { describe, expect, it } from 'vitest';
import type { CodeLayer } from '../../../src/extension/code/code-layer.ts';
import { findLayer } from '../../../src/extension/code/find-layer.ts';
import { commandLink, layerFacts, picturesTable, plain } from '../../../src/extension/code/hover-text.ts';
import { lensPlan } from '../../../src/extension/code/lens-plan.ts';
import type { LayerSummary } from '../../../src/protocol/worker.ts';

const summary = (name: string, more: Partial<LayerSummary> = {}): LayerSummary => ({
  name,
  kind: 'Conv2D',
  shape: [32, 8, 8],
  parameters: 12832,
  flops: 1,
  receptiveField: { size: [14, 14], stride: [2, 2] },
  attributes: {},
  inputs: [],
  hasFilters: true,
  runnable: true,
  ...more,
});

describe('the layer that code means', () => {
  const names = (...all: string[]) => all.map((name) => summary(name, { hasFilters: /conv/i.test(name) }));
  it.each([
    [['conv1', 'conv10'], ['conv1'], 'conv1'],
    [['fire2/concat'], ['fire2_concat'], 'fire2/concat'],
    [['net/conv1/Relu', 'net/conv1/Conv2D'], ['conv1'], 'net/conv1/Relu'],
    [['inner/head', 'head'], ['inner/head', 'head'], 'inner/head'],
    [['input_1'], ['input_layer', 'input_1'], 'input_1'],
    [['conv10'], ['conv1'], undefined],
    [['features_0', 'features.0'], ['features.0'], 'features.0'],
    [['module.conv1', 'module.layer1.0.conv1'], ['conv1'], 'module.conv1'],
    [['layer1.0.conv1'], ['conv1'], undefined],
    [['conv1', 'layer1.0.conv1', 'layer1.1.conv1'], ['*.conv1'], 'layer1.0.conv1'],
    [['conv1', 'layer1.1.conv1'], ['layer1.1.conv1', '*.conv1'], 'layer1.1.conv1'],
    [['stem_conv1'], ['*.conv1'], undefined],
    [['stem', 'fire2/conv1x1', 'fire3/conv1x1'], ['*/conv1x1'], 'fire2/conv1x1'],
    [['fire2_conv1x1_relu', 'fire3_conv1x1_relu'], ['*/conv1x1_relu'], 'fire2_conv1x1_relu'],
    [['block1_0_bn', 'block12_a_b_bn'], ['block*_a_*_bn'], 'block12_a_b_bn'],
    [['ab'], ['a*b*b'], undefined],
    [['res_res'], ['res*res*res'], undefined],
  ])('of %j by %j: %s', (layers, wanted, expected) => expect(findLayer(names(...layers), wanted)?.name).toBe(expected));

  it('of the nodes of one layer, the one with its weights', () => {
    const nodes = [
      summary('net/a/Relu', { hasFilters: false }),
      summary('net/a/MatMul'),
      summary('net/a/Add', { hasFilters: false }),
    ];
    expect(findLayer(nodes, ['a'])?.name).toBe('net/a/MatMul');
  });
});

describe('lenses', () => {
  const code = (line: number, kind: string, name: string): CodeLayer => {
    const definition = { from: 100 * line, to: 100 * line + 10 };
    return { kind, names: [name], definition, pointers: [definition] };
  };
  const lineOf = (offset: number) => Math.floor(offset / 100);
  const plan = (layers: CodeLayer[], model: Parameters<typeof lensPlan>[2]) =>
    lensPlan(layers, lineOf, model).map(({ layer, tabs }) => [layer.names[0], ...tabs].join(' '));
  const layers = [code(1, 'Conv2D', 'a'), code(2, 'Flatten', 'b'), code(3, 'Dense', 'gone')];

  it('before the model is known: from the code alone', () =>
    expect(plan(layers, 'unknown')).toEqual(['a filters activations', 'b activations', 'gone filters activations']));

  it('then: what the model has', () =>
    expect(plan(layers, [summary('a'), summary('b', { hasFilters: false })])).toEqual([
      'a filters activations',
      'b activations',
    ]));

  it('behind an unknown operator there is nothing to run', () =>
    expect(plan(layers, [summary('a', { runnable: false })])).toEqual(['a filters']));

  it('of a model that can’t be opened: one, for its message', () =>
    expect(plan(layers, 'unreadable')).toEqual(['a', 'b', 'gone']));

  it('one a line, that with filters first; none on a line with the whole network', () => {
    const line = [code(1, 'ReLU', 'r'), code(1, 'Conv2D', 'c')];
    expect(plan(line, 'unknown')).toEqual(['c filters activations']);
    const whole = Array.from({ length: 12 }, (_, i) => code(1, 'Conv2D', `c${i}`));
    expect(plan(whole, 'unknown')).toEqual([]);
  });

  it('mentions have none', () =>
    expect(plan([{ kind: '', names: ['a'], pointers: [{ from: 0, to: 3 }] }], [summary('a')])).toEqual([]));
});

describe('hovers', () => {
  it('say what a layer is', () => {
    expect(layerFacts(summary('a'))).toBe('Conv2D · 32 × 8 × 8 · 12,832 parameters · receptive field 14 × 14');
    expect(layerFacts(summary('a', { kind: 'Foo', shape: undefined, parameters: 0, receptiveField: undefined }))).toBe(
      'Foo',
    );
  });

  it('show pictures five in a row, what each is called beneath it, whatever is in a name', () => {
    const picture = { width: 320, height: 160, jpeg: new Uint8Array([255, 216, 255, 224]) };
    const cells = ['a|b', 'c', 'd', 'e', 'f', 'g'].map((label) => ({ label, alt: label, picture }));
    const rows = picturesTable(cells).split('\n');
    expect(rows).toHaveLength(5);
    expect(rows[1]).toBe('| :-: | :-: | :-: | :-: | :-: |');
    expect(rows[2]).toBe('| a\\|b | c | d | e | f |');
    expect(rows[4]).toBe('| g |');
    expect(rows[3]).toBe('| ![g](data:image/jpeg;base64,/9j/4A==\\|width=60,height=30) |');
    expect(rows[0]!.replaceAll('\\|', '').split('|')).toHaveLength(7);
  });

  it('show names as they are', () => expect(plain('a_b*[c](d)<e>')).toBe('a\\_b\\*\\[c\\]\\(d\\)\\<e\\>'));

  it('give commands their arguments', () => {
    const link = commandLink('Go', 'x.y', { a: '(1)' });
    const [, query] = /^\[Go\]\(command:x\.y\?([^)]*)\)$/.exec(
      link.replaceAll('%28', '(').replaceAll('(1)', '%281%29'),
    )!;
    expect(JSON.parse(decodeURIComponent(query!))).toEqual([{ a: '(1)' }]);
  });
});
