import { describe, expect, it } from 'vitest';
import { preset } from '../../../src/core/presets.ts';
import type { LayerSummary, MethodSummary } from '../../../src/core/summaries.ts';
import { describeMethod, VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { integer, oneOf } from '../../../src/core/visualizers/parameters.ts';
import { Latest } from '../../../src/webview/logic/latest.ts';
import {
  changedValues,
  defaultsOf,
  numberWithin,
  obstacle,
  questionsOf,
  tabsFor,
} from '../../../src/webview/logic/methods.ts';
import { namedShortly } from '../../../src/webview/logic/message.ts';
import {
  fraction,
  fractionText,
  numberList,
  preparation,
  samePreprocessing,
} from '../../../src/webview/logic/preprocessing.ts';
import { Remembered } from '../../../src/webview/logic/remembered.ts';

describe('stale work', () => {
  it('only the latest of a slot counts, and says what it replaces', () => {
    const latest = new Latest();
    const first = latest.begin('tab');
    const second = latest.begin('tab');
    const other = latest.begin('unit');
    expect(first.replaced).toBeUndefined();
    expect(second.replaced).toBe(first.id);
    expect(other.replaced).toBeUndefined();
    expect(new Set([first.id, second.id, other.id]).size).toBe(3);
    expect(latest.isCurrent('tab', first.id)).toBe(false);
    expect(latest.end('tab', first.id)).toBe(false);
    expect(latest.current('tab')).toBe(second.id);
    expect(latest.end('tab', second.id)).toBe(true);
    expect(latest.current('tab')).toBeUndefined();
    expect(latest.begin('tab').replaced).toBeUndefined();
  });
});

it('what was used last is remembered', () => {
  const remembered = new Remembered<number>(2);
  remembered.set('a', 1);
  remembered.set('b', 2);
  expect(remembered.get('a')).toBe(1);
  remembered.set('c', 3);
  expect(remembered.get('b')).toBeUndefined();
  expect(remembered.get('a')).toBe(1);
});

const layer: LayerSummary = {
  name: 'conv1',
  kind: 'Conv',
  shape: [8, 4, 4],
  parameters: 1,
  flops: 1,
  attributes: {},
  inputs: ['data'],
  hasFilters: true,
  runnable: true,
};
const method = (id: string, needs: MethodSummary['needs'], params: MethodSummary['params'] = {}): MethodSummary => ({
  id,
  title: id,
  description: '',
  source: '',
  attribution: needs.includes('class'),
  recipe: 'steps' in params && !needs.includes('class'),
  question: needs.includes('class') ? 'Which pixels' : id,
  needs,
  params,
  presets: [],
  perUnit: [],
});
const METHODS = VISUALIZERS.map(describeMethod);
const filters = method('filters', ['layer', 'unit?']);
const activations = method('activations', ['layer', 'unit?', 'image']);
const saliency = method('saliency', ['image', 'class', 'layer?', 'unit?']);
const predictions = method('predictions', ['image']);

describe('tabs come from what methods need', () => {
  const all = [filters, activations, saliency, predictions];

  it('predictions are in the head; filters only where there are some', () => {
    expect(tabsFor(all, layer, {}).map(({ id }) => id)).toEqual(['filters', 'activations', 'saliency']);
    expect(tabsFor(all, { ...layer, hasFilters: false }, {}).map(({ id }) => id)).toEqual(['activations', 'saliency']);
  });

  it('of a model that can’t run, filters are all', () => {
    const missing = { missing: 'the file has weights alone' };
    expect(tabsFor(METHODS, layer, missing).map(({ id }) => id)).toEqual(['filters']);
    expect(tabsFor(METHODS, { ...layer, hasFilters: false }, missing)).toEqual([]);
  });

  it('every method of the core is a tab, or about the image alone', () => {
    const tabs = tabsFor(METHODS, layer, {}).map(({ id }) => id);
    for (const { id, needs } of VISUALIZERS)
      expect(tabs.includes(id) || needs.every((need) => need === 'image')).toBe(true);
  });

  it('are called by their question', () => {
    const questions = questionsOf([...all, method('occlusion', ['image', 'class'])]);
    expect(questions.map(({ title }) => title)).toEqual(['filters', 'activations', 'Which pixels', 'predictions']);
    expect(questions[2]).toMatchObject({ id: 'which-pixels', methods: [{ id: 'saliency' }, { id: 'occlusion' }] });
    const titles = questionsOf(tabsFor(METHODS, layer, {})).map(({ title }) => title);
    expect(titles).toEqual(['Filters', 'Activations', 'Which pixels', 'Trust', 'Preferred stimuli']);
  });

  it('say why they can’t run', () => {
    expect(obstacle(activations, layer, { chosen: true, taken: true }, [])).toBeUndefined();
    expect(obstacle(activations, layer, { chosen: false, taken: true }, [])).toMatchObject({ needsImage: true });
    expect(obstacle(activations, layer, { chosen: true, taken: true, unreadable: true }, [])).toMatchObject({
      needsImage: true,
      reason: expect.stringContaining('another image') as string,
    });
    expect(obstacle(filters, layer, { chosen: true, taken: true, unreadable: true }, [])).toBeUndefined();
    expect(obstacle(activations, layer, { chosen: false, taken: false }, [])).toMatchObject({ needsImage: false });
    const behind = obstacle(activations, { ...layer, runnable: false }, { chosen: true, taken: true }, [
      { op: 'Fancy', node: 'attention' },
    ]);
    expect(behind).toMatchObject({ needsImage: false, reason: expect.stringContaining('Fancy (attention)') as string });
    expect(obstacle(filters, { ...layer, runnable: false }, { chosen: false, taken: true }, [])).toBeUndefined();
  });
});

it('a failure names images, not their whole paths', () => {
  const failure = { ok: false, kind: 'file', message: '/photos/of/a.png: damaged; not /photos/of/b.png' } as const;
  const images = [
    { path: '/photos/of/a.png' },
    undefined,
    { name: 'dropped', width: 1, height: 1, rgba: new Uint8Array(4) },
  ];
  expect(namedShortly(failure, images).message).toBe('a.png: damaged; not /photos/of/b.png');
});

describe('parameters', () => {
  const declared = method('lucid', ['layer'], {
    steps: integer({ default: 512, min: 1, max: 4096, help: '' }),
    start: oneOf(['noise', 'zero'], ''),
  });

  it('only what differs from the defaults is said', () => {
    const values = defaultsOf(declared);
    expect(changedValues(declared, values)).toEqual({});
    expect(changedValues(declared, { ...values, steps: 64, other: 1 })).toEqual({ steps: 64 });
  });

  it.each([
    ['64', 64],
    [' 12.6 ', 13],
    ['0', 1],
    ['99999', 4096],
    ['', undefined],
    ['many', undefined],
  ])('reads %j as %j', (text, value) => expect(numberWithin(text, { type: 'integer', min: 1, max: 4096 })).toBe(value));
});

describe('preparation of images', () => {
  it('is said in a few signs', () => {
    expect(preparation(preset('imagenet-caffe').input)).toBe('BGR − mean');
    expect(preparation(preset('imagenet-torch').input)).toBe('RGB / 255 − mean / std');
    expect(preparation(preset('minus1-1').input)).toBe('RGB / 127.5 − mean');
    expect(preparation(preset('0-255').input)).toBe('RGB');
  });

  it('scale reads as a fraction, and back', () => {
    for (const scale of [1, 1 / 255, 1 / 127.5, 0.1]) expect(fraction(fractionText(scale))).toBeCloseTo(scale, 12);
    expect(fractionText(1 / 127.5)).toBe('1/127.5');
    expect([fraction('1/0'), fraction(''), fraction('a'), fraction('0')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('lists of numbers', () => {
    expect(numberList('104, 117; 123')).toEqual([104, 117, 123]);
    expect(numberList('104, x')).toBeUndefined();
    expect(numberList('')).toBeUndefined();
  });

  it('a preset is found again', () => {
    const { input } = preset('imagenet-torch');
    expect(samePreprocessing(input, { ...input, resize: 'squash' })).toBe(true);
    expect(samePreprocessing(input, { ...input, mean: [0, 0, 0] })).toBe(false);
  });
});
