import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chart, HeatmapResult, Result, Series } from '../../../src/core/results.ts';
import { describeMethod, VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { nearestPoint, pathOf, plotOf, valueAt } from '../../../src/webview/logic/chart.ts';
import { classOptions } from '../../../src/webview/logic/class-options.ts';
import { namedIn, passesOf } from '../../../src/webview/logic/methods.ts';
import { partOf, smallPart } from '../../../src/webview/logic/part.ts';
import { besideSize, wholeSize } from '../../../src/webview/logic/picture-size.ts';
import { measureOf, scalesOf, unitOf } from '../../../src/webview/logic/ranges.ts';
import { sidesOf } from '../../../src/webview/logic/sides.ts';
import { bestOf, scoresOf } from '../../../src/webview/logic/tests.ts';

const series = (name: string, x: number[], y: number[]): Series => ({
  name,
  x: Float32Array.from(x),
  y: Float32Array.from(y),
});

describe('a chart', () => {
  const chart: Chart = {
    x: { name: 'part' },
    y: { name: 'probability' },
    series: [series('deletion', [0, 0.5, 1], [1, 0.25, 0]), series('insertion', [0, 1], [0, 1])],
  };
  const plot = plotOf(chart, { left: 40, top: 10, right: 240, bottom: 110 });

  it('lies in its area: x to the right, y upwards, round numbers beside it', () => {
    expect([plot.x(0), plot.x(1), plot.y(0), plot.y(1)]).toEqual([40, 240, 110, 10]);
    expect(plot.yTicks.map(({ label }) => label)).toEqual(['0.0', '0.5', '1.0']);
    for (const { at } of plot.xTicks) expect(at >= 40 && at <= 240).toBe(true);
  });

  it('draws a line through its points, without those that are no numbers', () => {
    expect(pathOf(chart.series[0]!, plot)).toBe('M40.0 10.0L140.0 85.0L240.0 110.0');
    expect(pathOf(series('gap', [0, 0.5, 1], [1, NaN, 0]), plot)).toBe('M40.0 10.0L240.0 110.0');
  });

  it('counts places by their names', () => {
    const places = ['nothing', 'fc', 'conv2'];
    const counted = plotOf(
      { ...chart, places, series: [series('rank', [0, 1, 2], [1, 0.4, 0.1])] },
      {
        left: 0,
        top: 0,
        right: 100,
        bottom: 50,
      },
    );
    expect(counted.xTicks).toEqual([
      { at: 0, label: 'nothing' },
      { at: 50, label: 'fc' },
      { at: 100, label: 'conv2' },
    ]);
  });

  it('is read at a place: the nearest point, and between the points of other lines', () => {
    expect(nearestPoint([0, 0.5, 1], 0.7)).toBe(1);
    expect(nearestPoint([0, 0.5, 1], 9)).toBe(2);
    expect(valueAt(chart.series[1]!, 0.5)).toBe(0.5);
    expect(valueAt(chart.series[1]!, 1)).toBe(1);
    expect(valueAt(series('short', [0.2, 0.4], [1, 3]), 0.3)).toBeCloseTo(2, 5);
    expect(valueAt(series('short', [0.2, 0.4], [1, 3]), 0.1)).toBeUndefined();
    expect(valueAt(series('short', [0.2, 0.4], [1, 3]), 0.5)).toBeUndefined();
  });
});

describe('the room for pictures', () => {
  it('is filled by the side that touches first', () => {
    expect(wholeSize({ width: 400, height: 300 }, { width: 10, height: 10 })).toBe(300);
    expect(wholeSize({ width: 400, height: 300 }, { width: 20, height: 10 })).toBe(400);
    expect(wholeSize({ width: 10, height: 10 }, { width: 1, height: 1 })).toBe(120);
  });

  it('holds two pictures as they are larger: beside each other, or one above the other', () => {
    const square = { width: 9, height: 9 };
    expect(besideSize({ width: 812, height: 500 }, square, 12)).toBe(400);
    expect(besideSize({ width: 400, height: 812 }, square, 12)).toBe(400);
  });
});

describe('a map that is zero but for a small part', () => {
  const heatmap = (width: number, height: number, values: Float32Array): HeatmapResult => ({
    kind: 'heatmap',
    title: '',
    arrays: {},
    metrics: {},
    notes: [],
    signed: false,
    width,
    height,
    values,
    image: { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => i) },
  });

  it('is cut to that part and what is around it; others are left whole', () => {
    const values = new Float32Array(40 * 30);
    values[10 * 40 + 20] = 1;
    values[12 * 40 + 22] = -2;
    const map = heatmap(40, 30, values);
    expect(smallPart(map)).toEqual({ x0: 16, y0: 6, x1: 27, y1: 17 });
    expect(smallPart(heatmap(40, 30, new Float32Array(1200)))).toBeUndefined();
    expect(smallPart(heatmap(40, 30, new Float32Array(1200).fill(1)))).toBeUndefined();
  });

  it('has its own values and pixels in that part', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.nat(4),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (x0, y0, w, h) => {
          const map = heatmap(
            9,
            7,
            Float32Array.from({ length: 63 }, (_, i) => i),
          );
          const part = partOf(map, { x0, y0, x1: x0 + w, y1: y0 + h });
          expect([part.width, part.height, part.values.length]).toEqual([w, h, w * h]);
          for (let y = 0; y < h; y++)
            for (let x = 0; x < w; x++) {
              const at = (y0 + y) * 9 + x0 + x;
              expect(part.values[y * w + x]).toBe(at);
              expect(part.image!.rgb[(y * w + x) * 3]).toBe(at * 3);
            }
        },
      ),
    );
  });
});

describe('several methods', () => {
  const methods = VISUALIZERS.map(describeMethod);
  const method = (id: string) => methods.find((one) => one.id === id)!;

  it('one pass of the network comes before many', () => {
    const ids = ['occlusion', 'integrated-gradients', 'saliency', 'smoothgrad', 'grad-cam'];
    const ordered = ids.map(method).sort((a, b) => passesOf(a) - passesOf(b));
    expect(ordered.map(({ id }) => id)).toEqual([
      'saliency',
      'grad-cam',
      'smoothgrad',
      'integrated-gradients',
      'occlusion',
    ]);
  });

  it('a method that can’t answer names the one that can', () => {
    const message = 'CAM needs another head; Grad-CAM draws such a map for any network: choose it.';
    expect(namedIn(message, methods, method('cam'))?.id).toBe('grad-cam');
    expect(namedIn('The image is too small.', methods, method('cam'))).toBeUndefined();
  });

  it('share a scale where they measure the same, the largest magnitude of them', () => {
    const scales = scalesOf([
      { measure: 'slope', range: [0, 2] },
      { measure: 'share', range: [-5, 5] },
      { measure: 'slope', range: [-3, 3] },
    ]);
    expect([...scales]).toEqual([
      ['slope', 3],
      ['share', 5],
    ]);
    expect(scalesOf([]).size).toBe(0);
  });

  it('measure the same where the descriptor says so, and of the same thing', () => {
    const measure = (id: string, params = {}) => measureOf(method(id), params);
    expect(measure('saliency')).toBe(measure('smoothgrad'));
    expect(measure('lrp')).toBe(measure('integrated-gradients'));
    expect(measure('lrp')).toBe(measure('gradient-x-input'));
    expect(measure('saliency', { of: 'probability' })).not.toBe(measure('saliency'));
    // The scales of what these give are their own.
    const apart = [
      'saliency',
      'lrp',
      'deconvnet',
      'guided-backprop',
      'occlusion',
      'cam',
      'grad-cam',
      'guided-grad-cam',
    ];
    expect(new Set(apart.map((id) => measure(id))).size).toBe(apart.length);
    expect([unitOf(method('saliency'), { of: 'probability' }), unitOf(method('lrp')), unitOf(method('cam'))]).toEqual([
      'probability per unit of the input',
      'part of the score, by pixel',
      '',
    ]);
  });
});

it('the best map has the smallest area under deletion, or the largest under insertion; of one alone none is', () => {
  const found = (deletion: number, insertion: number): Result => ({
    kind: 'table',
    title: '',
    columns: [],
    rows: [],
    arrays: {},
    notes: [],
    metrics: { deletion, insertion: [insertion] },
  });
  const tests = [
    { id: 'a', result: found(0.3, 0.6) },
    { id: 'b', result: found(0.1, 0.5) },
    { id: 'c', result: undefined },
  ];
  expect(bestOf(tests)).toEqual({ deletion: 'b', insertion: 'a' });
  expect(bestOf(tests.slice(0, 1))).toEqual({});
  expect(scoresOf(tests[0]!.result)).toEqual([
    ['deletion', 0.3],
    ['insertion', 0.6],
  ]);
});

it('of two classes there are three maps: each one’s, and that of the difference', () => {
  const cam = describeMethod(VISUALIZERS.find(({ id }) => id === 'cam')!);
  const request = { method: 'cam', target: 3, params: { relu: true } };
  expect(sidesOf(cam, request)).toEqual([{ id: 'cam', method: cam, request }]);
  const three = sidesOf(cam, { ...request, against: 8 });
  expect(three.map((one) => one.request)).toEqual([request, { ...request, target: 8 }, { ...request, against: 8 }]);
  expect(new Set(three.map(({ id }) => id)).size).toBe(3);
  // The predicted class stays the predicted class.
  expect(sidesOf(cam, { method: 'cam', against: 8 })[0]!.request).toEqual({ method: 'cam' });
});

it('classes to choose from: the likely ones with how sure the network is, then all others by number', () => {
  const top = [{ index: 2, label: 'cat', probability: 0.9 }];
  const description = { labels: ['ant', 'bee', 'cat'] } as never;
  expect(classOptions({ classes: 3, description }, top)).toEqual([
    { value: '2', label: 'cat', detail: '90.00 %' },
    { value: '0', label: 'ant', detail: '0' },
    { value: '1', label: 'bee', detail: '1' },
  ]);
  expect(classOptions({ classes: 2, description: {} as never }, []).map(({ label }) => label)).toEqual([
    'class 0',
    'class 1',
  ]);
});
