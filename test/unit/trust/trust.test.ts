import { describe, expect, it, vi } from 'vitest';
import type { CurveResult, Result, TableResult } from '../../../src/core/results.ts';
import { scaledInfidelity } from '../../../src/core/trust/infidelity.ts';
import { areaUnder, randomOrder, strongestFirst } from '../../../src/core/trust/pixel-curve.ts';
import { relativeChange } from '../../../src/core/trust/sensitivity.ts';
import { askedMethod } from '../../../src/core/visualizers/asked-method.ts';
import { methodIn, withOptions } from '../../../src/core/visualizers/method-name.ts';
import { trust } from '../../../src/core/visualizers/trust.ts';
import { parameterValues } from '../../../src/core/visualizers/values.ts';
import { arrayOf, resultOf } from '../visualizers/tiny-network.ts';
import { imageOf, linearNetwork } from './linear-network.ts';

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score));
const tensor = imageOf([3, 0, 2, 1]);

const tested = async (w: readonly number[], params: Readonly<Record<string, unknown>>): Promise<Result> =>
  resultOf(trust, await linearNetwork(w), { tensor, params });

const expectClose = (found: ArrayLike<number>, expected: readonly number[]) => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
};

describe('deletion and insertion', () => {
  // The map is w⊙x = x: the order is 3, 2, 1, 0.
  const of = { of: 'gradient-x-input', steps: 4, reference: false };

  it('are the probability while pixels go, strongest first, and the area under it', async () => {
    const result = (await tested([1, 1, 1, 1], { ...of, metrics: 'deletion', deleted: 'zero' })) as CurveResult;
    const y = [6, 3, 1, 0, 0].map(sigmoid);
    expectClose(result.series[0]!.x, [0, 0.25, 0.5, 0.75, 1]);
    expectClose(result.series[0]!.y, y);
    const area = (y[0]! / 2 + y[1]! + y[2]! + y[3]! + y[4]! / 2) / 4;
    expectClose(result.metrics['area'] as number[], [area]);
    expect(result.metrics['deletion']).toBeCloseTo(area, 5);
  });

  it('insert into another picture, here of ones', async () => {
    const result = (await tested([1, 1, 1, 1], { ...of, metrics: 'insertion', start: 1 })) as CurveResult;
    expectClose(result.series[0]!.y, [4, 6, 7, 7, 6].map(sigmoid));
  });

  it('are rows of one array: x, deletion, insertion', async () => {
    const result = await tested([1, 1, 1, 1], { ...of, metrics: 'insertion,deletion', deleted: 'zero', start: 'zero' });
    const { shape, data } = arrayOf(result, 'curve');
    expect(shape).toEqual([3, 5]);
    expectClose(data, [...[0, 0.25, 0.5, 0.75, 1], ...[6, 3, 1, 0, 0].map(sigmoid), ...[0, 3, 5, 6, 6].map(sigmoid)]);
  });

  it('take several pixels in a step where there are fewer steps than pixels', async () => {
    const result = (await tested([1, 1, 1, 1], {
      ...of,
      steps: 2,
      metrics: 'deletion',
      deleted: 'zero',
    })) as CurveResult;
    expectClose(result.series[0]!.y, [6, 1, 0].map(sigmoid));
  });

  it('stand beside those of a random order, which begin and end alike', async () => {
    const params = { ...of, reference: true, metrics: 'deletion', deleted: 'zero' };
    const result = (await tested([1, 1, 1, 1], params)) as CurveResult;
    const [own, random] = result.series;
    expect(random!.name).toBe('deletion, random order');
    expect([random!.y[0], random!.y[4]]).toEqual([own!.y[0], own!.y[4]]);
    expect(result.metrics['area']).toEqual([own!.area]);
    expect(result.metrics['deletion-random']).toBe(random!.area);
    expect(random!.area).toBeGreaterThan(own!.area!);
    expect([...randomOrder(50, 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('order equal pixels row by row', () => {
    expect([...strongestFirst(Float32Array.of(1, 5, -7, 5, 1))]).toEqual([1, 3, 0, 4, 2]);
  });

  it('measure the area by trapezoids, whatever the distances', () => {
    expect(areaUnder([0, 0.5, 2], [2, 4, 0])).toBe(1.5 + 3);
  });
});

describe('sensitivity-max', () => {
  const numbers = async (params: Readonly<Record<string, unknown>>) =>
    (await tested([1, -2, 0, 3], { metrics: 'sensitivity-max', ...params })) as TableResult;

  it('is zero for a gradient that is the same everywhere', async () => {
    expect((await numbers({ of: 'saliency' })).metrics['sensitivity-max']).toBe(0);
  });

  it('of gradient×input on a linear network is ‖w⊙δ‖ / ‖w⊙x‖, and grows with the radius', async () => {
    // w⊙x = (3, 0, 0, 3); each |δ| is at most radius × 3, the range of the image.
    const small = (await numbers({ of: 'gradient-x-input', radius: 0.01, samples: 20 })).metrics['sensitivity-max'];
    const large = (await numbers({ of: 'gradient-x-input', radius: 0.1, samples: 20 })).metrics['sensitivity-max'];
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThanOrEqual((0.03 * Math.hypot(1, 2, 3)) / Math.hypot(3, 3));
    expect((large as number) / (small as number)).toBeCloseTo(10, 3);
  });

  // captum 0.9: sensitivity_max of the gradient (x₁, x₀, 2) at (1, 2, 3), moved by (.1,0,0), (0,−.1,.1), (.05,.05,−.1).
  it('is captum’s: the largest relative change', () => {
    const near = [
      [2, 1.1, 2],
      [1.9, 1, 2],
      [2.05, 1.05, 2],
    ].map((gradient) => relativeChange(Float32Array.of(2, 1, 2), Float32Array.from(gradient)));
    expect(Math.max(...near)).toBeCloseTo(0.0333333, 6);
  });

  it('is no curve: its number is in a table', async () => {
    const result = await numbers({ of: 'saliency' });
    expect(result.kind).toBe('table');
    expect(result.rows).toEqual([['sensitivity-max', 0]]);
  });
});

describe('infidelity', () => {
  it.each(['saliency', 'gradient-x-input', 'integrated-gradients'])(
    'of %s on a linear network is zero: it foretells every change',
    async (of) => {
      const result = await tested([1, -2, 0.5, 3], { of, metrics: 'infidelity', squares: 50 });
      expect(result.metrics['infidelity']).toBeCloseTo(0, 6);
      expect(result.metrics['infidelity-relative']).toBeCloseTo(0, 6);
    },
  );

  // captum 0.9: infidelity(f, perturb, x, gradient, n_perturb_samples=4, normalize=True) of f = x₀x₁ + 2x₂ at (1, 2, 3), perturbed by
  // (1,0,0), (0,1,1), (½,½,½), (1,2,3).
  it('is captum’s under the optimal scaling', () => {
    const found = scaledInfidelity(Float64Array.of(2, 3, 2.5, 10), Float64Array.of(2, 3, 2.25, 8));
    expect(found.infidelity).toBeCloseTo(0.1238, 4);
    expect(found.scaling).toBeCloseTo((4 + 9 + 5.625 + 80) / (4 + 9 + 6.25 + 100), 12);
  });

  it('is the same where another map of the image was tested before, and then runs the network for the map alone', async () => {
    const params = { of: 'gradient-x-input', metrics: 'infidelity', squares: 20 };
    const network = await linearNetwork([1, -2, 0.5, 3]);
    const runs = vi.spyOn(network, 'compile');
    const test = (asked: object, on = network, image = tensor) =>
      resultOf(trust, on, { tensor: image, params: { ...params, ...asked } });
    const forward = () => runs.mock.calls.filter(([key]) => key.startsWith('value(')).length;
    const alone = await test({ of: 'saliency' }, await linearNetwork([1, -2, 0.5, 3]));
    await test({});
    const once = forward();
    expect(once).toBeGreaterThan(0);
    expect((await test({ of: 'saliency' })).metrics).toEqual(alone.metrics);
    expect(forward()).toBe(once);
    // Other squares, another image: other changes.
    await test({ squares: 21 });
    expect(forward()).toBeGreaterThan(once);
    const other = imageOf([1, 2, 0, 2]);
    const fresh = await test({}, await linearNetwork([1, -2, 0.5, 3]), other);
    expect((await test({}, network, other)).metrics).toEqual(fresh.metrics);
  });

  it('relative to what changes is 1 for an attribution of nothing', () => {
    expect(scaledInfidelity(Float64Array.of(0, 0), Float64Array.of(1, 3))).toEqual({
      infidelity: 5,
      relative: 1,
      scaling: 0,
    });
  });
});

describe('the method, with its options', () => {
  const deletion = { metrics: 'deletion', deleted: 'zero', reference: false, steps: 4 };
  const scores = async (of: string) => ((await tested([1, 10, 1, 1], { ...deletion, of })) as CurveResult).series[0]!.y;

  it('is tested as it was asked', async () => {
    // w⊙(x − x′) of x = (3, 0, 2, 1) is (3, 0, 2, 1) for x′ = 0, and (4, 10, 3, 2) for x′ = −1: the second pixel goes first.
    expectClose(await scores('integrated-gradients'), [6, 3, 1, 0, 0].map(sigmoid));
    expectClose(await scores('integrated-gradients,baseline=-1,steps=5'), [6, 6, 3, 1, 0].map(sigmoid));
  });

  it('is asked so again of images nearby and of networks made random', async () => {
    const numbers = async (of: string, metrics: string) => (await tested([1, -2, 0, 3], { of, metrics })).metrics;
    // Of a linear score the slope is the same everywhere, of its probability it is not.
    expect((await numbers('saliency', 'sensitivity-max'))['sensitivity-max']).toBe(0);
    expect((await numbers('saliency,of=probability', 'sensitivity-max'))['sensitivity-max']).toBeGreaterThan(0.01);
    // Smoothed by much noise and by none: a linear network's slope does not care, whatever its weights.
    const ranks = await numbers('smoothgrad,samples=2,noise=0', 'randomisation');
    expect(ranks['rank-correlation']).toEqual((await numbers('saliency', 'randomisation'))['rank-correlation']);
  });

  it.each([
    ['saliency,steps=3', /saliency has no parameter 'steps'/],
    ['occlusion,window=-1', /'-1' is not allowed for window/],
    ['fame', /'fame' is not allowed for of.*NAME,option=value/],
  ])('%s is refused, with what there is', async (of, message) => {
    await expect(tested([1, 1, 1, 1], { ...deletion, of })).rejects.toThrow(message);
  });

  it('is written as it is read', () => {
    const text = withOptions('occlusion', { window: 2, value: 'mean' });
    expect(text).toBe('occlusion,window=2,value=mean');
    expect(askedMethod(text).params).toMatchObject({ window: 2, value: 'mean' });
    expect(methodIn(text)).toBe('occlusion');
  });
});

describe('the list of metrics', () => {
  const read = (metrics: string) => parameterValues('trust', trust.params, { metrics })['metrics'];

  it('is read in any order, and refuses what there is not', () => {
    expect(read('infidelity, deletion')).toBe('deletion,infidelity');
    expect(() => read('deletion,fame')).toThrow(/'deletion,fame' is not allowed for metrics.*sensitivity-max/);
    expect(() => read('')).toThrow('not allowed');
  });
});
