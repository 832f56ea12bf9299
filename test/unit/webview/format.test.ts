import { describe, expect, it } from 'vitest';
import type { LayerSummary } from '../../../src/core/summaries.ts';
import * as format from '../../../src/webview/logic/format.ts';

const layer = (more: Partial<LayerSummary> = {}): LayerSummary => ({
  name: 'fire2/conv3x3_2',
  kind: 'Conv',
  shape: [64, 55, 55],
  parameters: 9280,
  flops: 1,
  attributes: { kernel_shape: [3, 3], strides: [1, 1] },
  inputs: ['fire2/conv1x1_1'],
  block: 'fire2',
  hasFilters: true,
  runnable: true,
  ...more,
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [1486.4, '1,486'],
    [1_398_430, '1,398,430'],
    [139_843_056, '1.40e8'],
    [2888.9, '2,889'],
    [121.3, '121'],
    [18.456, '18.5'],
    [0.00143, '0.00143'],
    [-0.353, '−0.353'],
    [0.00000024, '2.4e−7'],
    [Number.NaN, 'not a number'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('value %d', (value, text) => expect(format.formatValue(value)).toBe(text));

  it('an end of a range that is nothing beside the other is zero', () => {
    expect(format.formatRange([2.4e-7, 0.00143])).toEqual(['0', '0.00143']);
    expect(format.formatRange([-509, 509])).toEqual(['−509', '509']);
  });

  it.each([
    [12_352, '12,352'],
    [1_248_424, '1.25 M'],
    [2_300_000_000, '2.30 G'],
  ])('parameters %d', (count, text) => expect(format.formatParameters(count)).toBe(text));

  it.each([
    [1_730_000_000, '1.73 GFLOP'],
    [2_400_000, '2.4 MFLOP'],
    [960, '960 FLOP'],
  ])('operations %d', (count, text) => expect(format.formatFlops(count)).toBe(text));

  it.each([
    [0.99847, '99.85 %'],
    [0.00092, '0.09 %'],
    [0.00001, '< 0.01 %'],
    [0, '0.00 %'],
  ])('probability %d', (value, text) => expect(format.formatProbability(value)).toBe(text));

  it('times', () => {
    expect(format.formatTime(0.2)).toBe('1 ms');
    expect(format.formatTime(9.3)).toBe('9 ms');
    expect(format.formatTime(1234)).toBe('1.2 s');
  });
});

describe('shapes', () => {
  it.each([
    [[96, 111, 111], '96 × 111²', '96 × 111 × 111'],
    [[3, 20, 30], '3 × 20 × 30', '3 × 20 × 30'],
    [[1000], '1000', '1000'],
    [[1000, 1, 1], '1000', '1000 × 1 × 1'],
    [undefined, '–', '–'],
  ])('%j', (shape, short, long) => {
    expect(format.formatShortShape(shape)).toBe(short);
    expect(format.formatShape(shape)).toBe(long);
  });
});

describe('layers in one line', () => {
  it('says kind, shape, receptive field, parameters', () => {
    const facts = format.layerFacts(layer({ receptiveField: { size: [63, 63], stride: [8, 8] } }));
    expect(facts).toEqual(['Conv', '64 × 55 × 55', 'receptive field 63 px, stride 8', '9,280 parameters']);
  });

  it('says nothing of what is not there', () => {
    expect(format.layerFacts(layer({ kind: 'Relu', shape: undefined, parameters: 0 }))).toEqual(['Relu']);
  });

  it('says the window and the step, where there is one', () => {
    expect(format.kernelFacts(layer())).toBe('3×3');
    expect(format.kernelFacts(layer({ attributes: { kernel_shape: [7, 7], strides: [2, 2] } }))).toBe('7×7 /2');
    expect(format.kernelFacts(layer({ attributes: {} }))).toBe('');
  });

  it('says the kind in a thin box only where the name does not', () => {
    expect(format.thinFacts(layer({ name: 'relu_conv1', kind: 'Relu', attributes: {} }))).toBe('');
    expect(
      format.thinFacts(
        layer({ name: 'pool1', kind: 'MaxPool', attributes: { kernel_shape: [3, 3], strides: [2, 2] } }),
      ),
    ).toBe('MaxPool 3×3 /2');
  });

  it('leaves the block out of a name inside it', () => {
    expect(format.nameInBlock(layer())).toBe('conv3x3_2');
    expect(format.nameInBlock(layer({ name: 'fire2_squeeze' }))).toBe('squeeze');
    expect(format.nameInBlock(layer({ name: 'fire2' }))).toBe('fire2');
    expect(format.nameInBlock(layer({ name: 'other', block: undefined }))).toBe('other');
  });
});
