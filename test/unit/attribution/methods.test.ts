import { describe, expect, it } from 'vitest';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { renderResult } from '../../../src/core/images/render.ts';
import type { HeatmapResult } from '../../../src/core/results.ts';
import type { Session } from '../../../src/core/session.ts';
import { ATTRIBUTIONS } from '../../../src/core/visualizers/attributions.ts';
import { findIn } from '../../../src/core/visualizers/find.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';
import { handNetwork, meanNetwork, poolNetwork, sessionOn } from './hand-network.ts';

type Params = Readonly<Record<string, unknown>>;

const run = async (session: Session, id: string, values: readonly number[], asked: object = {}) => {
  const [, ...shape] = session.model.inputs[0]!.shape;
  const tensor = float32([...values], [values.length / shape.reduce((a, b) => a * b, 1), ...shape]);
  return (await resultOf(findIn(ATTRIBUTIONS, id), session, { tensor, ...asked })) as HeatmapResult;
};

const expectValues = (found: ArrayLike<number>, expected: readonly number[], digits = 4) => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
};

describe('on a network worked out by hand', () => {
  // At (2, 1) both hidden units are open; on the line from zero the second one from 1/5 on.
  it.each<[string, Params, readonly number[]]>([
    ['saliency', {}, [-1, -5]],
    ['gradient-x-input', {}, [-2, -5]],
    ['smoothgrad', { noise: 0 }, [-1, -5]],
    ['integrated-gradients', { steps: 5, quadrature: 'riemann-middle' }, [-0.4, -4.6]],
    ['integrated-gradients', { steps: 2, quadrature: 'riemann-left' }, [-1, -2.5]],
    ['integrated-gradients', { steps: 2, quadrature: 'riemann-right' }, [-2, -5]],
    ['integrated-gradients', { steps: 2, quadrature: 'trapezoid' }, [-1, -2.5]],
    ['integrated-gradients', { steps: 2 }, [-2, -5]],
    ['integrated-gradients', { steps: 3, baseline: 1 }, [-1, 0]],
    ['integrated-gradients', { steps: 3, baseline: 'mean' }, [-0.5, 2.5]],
    ['guided-backprop', {}, [3, -3]],
    ['guided-backprop', { seed: 'value' }, [20, 10]],
    ['lrp', { epsilon: 0 }, [-2, -5]],
  ])('%s %j of cat is %j', async (id, params, expected) => {
    const result = await run(await handNetwork(), id, [2, 1], { params });
    expectValues(arrayOf(result, 'attribution').data, expected);
  });

  it.each<[string, Params, readonly number[]]>([
    ['deconvnet', { seed: 'value' }, [15, 0]],
    ['lrp', { rule: 'z-plus' }, [4.2, 0.8]],
    // R = (1, 4) at the hidden units; of the first all goes to x₁, as x₂ weakens it; biases get nothing.
    ['lrp', { rule: 'alpha-beta', alpha: 1 }, [4.2, 0.8]],
  ])('%s %j of dog is %j', async (id, params, expected) => {
    const result = await run(await handNetwork(), id, [2, 1], { params, target: 1 });
    expectValues(arrayOf(result, 'attribution').data, expected);
  });

  it('tells backward passes apart where units are shut', async () => {
    const session = await handNetwork();
    const at = async (id: string) => arrayOf(await run(session, id, [0, 1]), 'attribution').data;
    expectValues(await at('saliency'), [0, 0]);
    expectValues(await at('guided-backprop'), [0, 0]);
    expectValues(await at('deconvnet'), [3, -3]);
  });

  it('says how far integrated gradients are off, and warns', async () => {
    const session = await handNetwork();
    const good = await run(session, 'integrated-gradients', [2, 1], {
      params: { steps: 5, quadrature: 'riemann-middle' },
    });
    expect((good.metrics['delta'] as number[])[0]).toBeCloseTo(0, 4);
    expect(good.notes.join()).not.toMatch(/That is much/);
    const poor = await run(session, 'integrated-gradients', [2, 1], { params: { steps: 2 } });
    expect((poor.metrics['delta'] as number[])[0]).toBeCloseTo(-2, 4);
    expect(poor.notes.join()).toMatch(/sum up to -7; .* changes by -5: 40 % off\. That is much/);
  });

  it('says how much of the score arrives as relevance', async () => {
    const { metrics, notes } = await run(await handNetwork(), 'lrp', [2, 1], { params: { epsilon: 0 } });
    expect((metrics['relevance'] as number[])[0]).toBeCloseTo(-7, 3);
    expect((metrics['score'] as number[])[0]).toBeCloseTo(-5, 5);
    expect(notes[0]).toMatch(/is -5; what arrives at the pixels sums up to -7 \(140 %\)/);
  });

  it('refuses a trapezoid of one step', async () => {
    const params = { steps: 1, quadrature: 'trapezoid' };
    await expect(run(await handNetwork(), 'integrated-gradients', [2, 1], { params })).rejects.toThrow(
      'steps=2 or more',
    );
  });
});

describe('max-pooling', () => {
  it.each(['saliency', 'deconvnet', 'guided-backprop'])('%s gives ties to the first in row-major order', async (id) => {
    const session = await poolNetwork();
    const at = async (values: readonly number[]) => arrayOf(await run(session, id, values), 'attribution').data;
    expectValues(await at([7, 7, 7, 7]), [1, 0, 0, 0]);
    expectValues(await at([1, 7, 7, 7]), [0, 1, 0, 0]);
    expectValues(await at([1, 2, 7, 7]), [0, 0, 1, 0]);
  });

  it('without switches the centre gets it', async () => {
    const result = await run(await poolNetwork(), 'deconvnet', [1, 2, 3, 4], { params: { switches: 'none' } });
    expectValues(arrayOf(result, 'attribution').data, [1, 0, 0, 0]);
  });
});

describe('DeconvNet', () => {
  const values = [1, 2, 3, 4, 9, 5, 6, 7, 8];

  it('explains a unit at its strongest place, with the rest of its layer zero', async () => {
    const result = await run(await meanNetwork(), 'deconvnet', values, { layer: 'conv', units: [{ channel: 0 }] });
    expectValues(arrayOf(result, 'attribution').data, [0, 0, 0, 0, 2, 0, 0, 0, 0]);
    expect(result.title).toBe('DeconvNet for unit 0 at 1,1 of conv');
  });

  it('says that a class sends nothing back, and names a unit that does', async () => {
    const result = await run(await meanNetwork(), 'deconvnet', values, { target: 1 });
    expect(arrayOf(result, 'attribution').data.every((value) => value === 0)).toBe(true);
    expect(result.notes[0]).toMatch(/^The map is zero everywhere: .* choose layer conv, unit 0\.$/);
  });

  /** Of class 1, paths of weight −1 are stopped at the rectifier; those of weight `passing` are not. */
  const network = (passing: number) =>
    sessionOn([BATCH, 1, 3, 3], (builder) => {
      builder.constant('w', float32([2, 2, 0], [3, 1, 1, 1]));
      builder.constant('v', float32([1, 0, 0, -1, passing, 0], [2, 3, 1, 1]));
      builder.constant('b', float32([0, 20], [2]));
      const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
      builder.addNode('Conv', ['x', 'w'], ['conv'], window);
      builder.addNode('Relu', ['conv'], ['relu']);
      builder.addNode('Conv', ['relu', 'v', 'b'], ['classes'], window);
      builder.addNode('GlobalAveragePool', ['classes'], ['means']);
      return builder.addNode('Flatten', ['means'], ['scores'], { axis: 1 })[0]!;
    });

  it.each(['one', 'value'])(
    'less than a hundredth of the gradient is next to nothing, and drawn so (seed %s)',
    async (seed) => {
      // .005 / .995 of the gradient's magnitude is left.
      const result = (await run(await network(0.005), 'deconvnet', values, {
        target: 1,
        params: { seed },
      })) as HeatmapResult;
      const scale = seed === 'value' ? 20 - 2 * 0.995 * 5 : 1;
      expect(result.notes[0]).toMatch(
        /^Next to nothing .*class dog.*: 0\.5 % of what the gradient is.* choose layer conv, unit 0\.$/,
      );
      expect(result.least).toBeCloseTo((scale * 2 * 0.995) / 9, 5);
      const red = renderResult(result).rgb;
      expect(red[0]).toBeLessThan(80); // the low end of the colours, not the high one
    },
  );

  it('more than that is a map', async () => {
    const result = (await run(await network(0.03), 'deconvnet', values, { target: 1 })) as HeatmapResult;
    expect([result.notes, result.least]).toEqual([[], undefined]);
  });

  it('has nothing to say of a map with values', async () => {
    expect((await run(await meanNetwork(), 'deconvnet', values)).notes).toEqual([]);
  });
});

describe('SmoothGrad', () => {
  const image = ramp(90, 3);
  const smooth = async (seed: number, params: Params = {}) =>
    arrayOf(await resultOf(findIn(ATTRIBUTIONS, 'smoothgrad'), await tinyNetwork(), { seed, params }), 'attribution')
      .data;

  it('is the same for a seed, and another for another one', async () => {
    const [a, b, c] = [await smooth(1), await smooth(1), await smooth(2)];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('is the mean of the gradients at noisy images', async () => {
    // Of one sample and of two: the second sample's own gradient is what is missing.
    const [one, two] = [await smooth(3, { samples: 1 }), await smooth(3, { samples: 2 })];
    const second = two.map((value, i) => 2 * value - one[i]!);
    expect(second).not.toEqual(one);
    const noiseless = await smooth(3, { noise: 0, samples: 4 });
    const plain = arrayOf(await resultOf(findIn(ATTRIBUTIONS, 'saliency'), await tinyNetwork()), 'attribution').data;
    expectValues(noiseless, Array.from(plain));
  });

  it('says the noise: a part of the range of the image', async () => {
    const { metrics } = await resultOf(findIn(ATTRIBUTIONS, 'smoothgrad'), await tinyNetwork());
    const range = Math.max(...image) - Math.min(...image);
    expect((metrics['deviation'] as number[])[0]).toBeCloseTo(0.15 * range, 6);
  });
});

describe('one class against another', () => {
  it.each(['gradient-x-input', 'smoothgrad', 'integrated-gradients'])('%s is the difference', async (id) => {
    const session = await tinyNetwork();
    const of = async (target: number, against?: number) => {
      const asked = { target, targets: [target], against };
      return arrayOf(await resultOf(findIn(ATTRIBUTIONS, id), session, asked), 'attribution').data;
    };
    const [tree, cat, both] = [await of(2), await of(0), await of(2, 0)];
    expectValues(
      both,
      Array.from(tree, (value, i) => value - cat[i]!),
    );
  });
});
