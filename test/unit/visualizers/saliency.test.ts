import { describe, expect, it } from 'vitest';
import { classScores } from '../../../src/core/classes.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import type { HeatmapResult } from '../../../src/core/results.ts';
import type { Session } from '../../../src/core/session.ts';
import { activations } from '../../../src/core/visualizers/activations.ts';
import { saliency } from '../../../src/core/visualizers/saliency.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const SHAPE = [1, 3, 6, 5];
const image = ramp(90, 3);

/** ∂f/∂x by central differences, value by value. */
async function differences(f: (tensor: Tensor<'float32'>) => Promise<number>): Promise<number[]> {
  const step = 4e-3;
  const gradient: number[] = [];
  for (let i = 0; i < image.length; i++) {
    const moved = async (by: number) => {
      const data = image.slice();
      data[i]! += by;
      return f(float32(data, SHAPE));
    };
    gradient.push(((await moved(step)) - (await moved(-step))) / (2 * step));
  }
  return gradient;
}

const answer = async (session: Session, tensor: Tensor<'float32'>) =>
  (await classScores(session, { image: tensor }, session.model.graph.outputs[0]!, undefined))[0]!;

const expectClose = (found: ArrayLike<number>, expected: readonly number[]) => {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(2e-3 * scale));
};

describe('saliency', () => {
  it('is the gradient of the score before the softmax', async () => {
    const session = await tinyNetwork();
    const result = await resultOf(saliency, session, { target: 1 });
    const expected = await differences(async (tensor) => (await answer(session, tensor)).scores[1]!);
    expectClose(arrayOf(result, 'attribution').data, expected);
    expect(arrayOf(result, 'attribution').shape).toEqual(SHAPE);
  });

  it.each([true, false])('of the probability is the gradient after it (softmax in the model: %s)', async (softmax) => {
    const session = await tinyNetwork({ softmax });
    const result = await resultOf(saliency, session, { target: 2, params: { of: 'probability' } });
    const expected = await differences(async (tensor) => (await answer(session, tensor)).probabilities[2]!);
    expectClose(arrayOf(result, 'attribution').data, expected);
  });

  it.each([
    ['max', (values: number[]) => Math.max(...values.map(Math.abs))],
    ['sum', (values: number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0)],
    ['signed', (values: number[]) => values.reduce((sum, value) => sum + value, 0)],
  ] as const)('reduces channels by %s', async (reduce, reduced) => {
    const result = (await resultOf(saliency, await tinyNetwork(), { params: { reduce } })) as HeatmapResult;
    const gradient = arrayOf(result, 'attribution').data;
    expect(result).toMatchObject({ width: 5, height: 6, signed: reduce === 'signed' });
    expect(arrayOf(result, 'map').shape).toEqual([1, 6, 5]);
    for (let i = 0; i < 30; i++)
      expect(result.values[i]).toBeCloseTo(reduced([gradient[i]!, gradient[30 + i]!, gradient[60 + i]!]), 5);
  });

  it('explains one position of a unit: a convolution’s gradient is its kernel', async () => {
    const units = [{ channel: 2, position: { y: 1, x: 2 } }];
    const result = await resultOf(saliency, await tinyNetwork(), { layer: 'conv', units });
    const expected = new Array<number>(90).fill(0);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < 9; i++)
        expected[c * 30 + (1 + Math.floor(i / 3)) * 5 + 2 + (i % 3)] = ramp(108)[(2 * 3 + c) * 9 + i]!;
    expectClose(arrayOf(result, 'attribution').data, expected);
  });

  it('explains a unit without position where it is strongest', async () => {
    const session = await tinyNetwork();
    const maps = arrayOf(await resultOf(activations, session, { layer: 'conv' }), 'activation').data.subarray(24, 36);
    const best = maps.indexOf(Math.max(...maps));
    const result = await resultOf(saliency, session, { layer: 'conv', units: [{ channel: 2 }] });
    expect(result.metrics['unit']).toEqual([2, Math.floor(best / 3), best % 3]);
    expect((result.metrics['score'] as number[])[0]).toBeCloseTo(maps[best]!, 5);
  });

  it('gives the attribution in the layout of the file', async () => {
    const [own, nhwc] = await Promise.all(
      (['NCHW', 'NHWC'] as const).map(async (layout) => {
        return arrayOf(await resultOf(saliency, await tinyNetwork({ layout })), 'attribution');
      }),
    );
    expect(nhwc!.shape).toEqual([1, 6, 5, 3]);
    for (let i = 0; i < 30; i++) for (let c = 0; c < 3; c++) expect(nhwc!.data[i * 3 + c]).toBe(own!.data[c * 30 + i]);
  });

  it('explains each image of a batch for its own class', async () => {
    const session = await tinyNetwork();
    const tensor = float32(Float32Array.from([...ramp(90, 5), ...image]), [2, 3, 6, 5]);
    const both = arrayOf(await resultOf(saliency, session, { tensor, target: 0, targets: [0, 2] }), 'attribution');
    const alone = arrayOf(await resultOf(saliency, session, { target: 2 }), 'attribution');
    alone.data.forEach((value, i) => expect(both.data[90 + i]).toBeCloseTo(value, 5));
  });

  it('takes one unit only', async () => {
    const asked = { layer: 'conv', units: [{ channel: 0 }, { channel: 1 }] };
    await expect(resultOf(saliency, await tinyNetwork(), asked)).rejects.toThrow('An attribution explains one unit');
  });
});
