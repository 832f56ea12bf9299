import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import type { TableResult } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { occlusion } from '../../../src/core/visualizers/occlusion.ts';
import type { Context } from '../../../src/core/visualizers/visualizer.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const image = float32(ramp(90, 3), [1, 3, 6, 5]);

/** One forward pass: a tensor's values. */
async function pass(session: Session, tensor: string, data: Float32Array): Promise<number[]> {
  const feeds = { image: float32(data, [1, 3, 6, 5]) };
  const found = await session.run(`one ${tensor}`, () => prune(session.model.graph, [tensor]), feeds);
  return Array.from(found[tensor]!.data, Number);
}

/** The image with a window filled. */
const hidden = (y: number, x: number, side: number, value = 0) =>
  image.data.map((own, i) => {
    const [row, column] = [Math.floor(i / 5) % 6, i % 5];
    return row >= y && row < y + side && column >= x && column < x + side ? value : own;
  });

describe('occlusion', () => {
  it('with one window is exactly the difference of two forward passes', async () => {
    const session = await tinyNetwork();
    const result = await resultOf(occlusion, session, { target: 1, params: { window: 6, value: 0.25 } });
    const [whole, covered] = [
      await pass(session, 'dense', image.data),
      await pass(session, 'dense', hidden(0, 0, 6, 0.25)),
    ];
    expect([...arrayOf(result, 'map').data]).toEqual(Array(30).fill(Math.fround(whole[1]! - covered[1]!)));
    expect(result.metrics).toMatchObject({ windows: 1, score: [whole[1]], class: [1] });
  });

  it('is at each pixel the mean of what the windows over it cost', async () => {
    const session = await tinyNetwork();
    const params = { window: 3, stride: 2, value: -1 };
    const result = await resultOf(occlusion, session, { target: 2, params });
    const [, , whole] = await pass(session, 'dense', image.data);
    const sums = new Float64Array(30);
    const counts = new Float64Array(30);
    const classes: number[] = [];
    for (const y of [0, 2, 4])
      for (const x of [0, 2]) {
        const scores = await pass(session, 'dense', hidden(y, x, 3, -1));
        classes.push(scores.indexOf(Math.max(...scores)));
        for (let i = 0; i < 30; i++) {
          const [row, column] = [Math.floor(i / 5), i % 5];
          if (row < y || row >= y + 3 || column < x || column >= x + 3) continue;
          sums[i]! += whole! - scores[2]!;
          counts[i]! += 1;
        }
      }
    const map = arrayOf(result, 'map');
    expect(map.shape).toEqual([1, 6, 5]);
    map.data.forEach((value, i) => expect(value).toBeCloseTo(sums[i]! / counts[i]!, 5));
    const total = await resultOf(occlusion, session, { target: 2, params: { ...params, overlap: 'sum' } });
    arrayOf(total, 'map').data.forEach((value, i) => expect(value).toBeCloseTo(sums[i]!, 5));
    expect([...arrayOf(result, 'predictions').data]).toEqual(classes);
    expect(arrayOf(result, 'predictions').shape).toEqual([1, 3, 2]);
    expect(new Set(classes).size).toBeGreaterThan(1);
  });

  it('gives every channel of the input the same, in the layout of the file', async () => {
    const session = await tinyNetwork({ layout: 'NHWC' });
    const result = await resultOf(occlusion, session, { params: { window: 2 } });
    const { data, shape } = arrayOf(result, 'attribution');
    expect(shape).toEqual([1, 6, 5, 3]);
    arrayOf(result, 'map').data.forEach((value, i) =>
      expect([...data.slice(3 * i, 3 * i + 3)]).toEqual([value, value, value]),
    );
  });

  it('is the same in batches of any size', async () => {
    const session = await tinyNetwork();
    const of = async (batch: number) =>
      arrayOf(await resultOf(occlusion, session, { params: { window: 2, stride: 1, batch } }), 'map').data;
    const alone = await of(1);
    for (const batch of [2, 7, 0]) (await of(batch)).forEach((value, i) => expect(value).toBeCloseTo(alone[i]!, 5));
  });

  it('explains each image of a batch by itself', async () => {
    const session = await tinyNetwork();
    const two = float32([...image.data, ...ramp(90, 5)], [2, 3, 6, 5]);
    const asked = { target: 1, params: { window: 3, value: 0 } };
    const both = arrayOf(await resultOf(occlusion, session, { ...asked, tensor: two }), 'map');
    const second = await resultOf(occlusion, session, { ...asked, tensor: float32(ramp(90, 5), [1, 3, 6, 5]) });
    expect(both.shape).toEqual([2, 6, 5]);
    arrayOf(second, 'map').data.forEach((value, i) => expect(both.data[30 + i]).toBeCloseTo(value, 5));
  });

  it('explains a unit, at its strongest place, without classes', async () => {
    const session = await tinyNetwork();
    const result = await resultOf(occlusion, session, {
      layer: 'mix',
      units: [{ channel: 1 }],
      params: { window: 6, value: 0 },
    });
    const [whole, covered] = [await pass(session, 'mix', image.data), await pass(session, 'mix', new Float32Array(90))];
    const strongest = Math.max(...whole.slice(12));
    const place = whole.indexOf(strongest, 12);
    expect(arrayOf(result, 'map').data[0]).toBe(Math.fround(strongest - covered[place]!));
    expect(result.arrays).not.toHaveProperty('predictions');
  });

  it('shows where which class is seen, the one of the whole image first', async () => {
    const session = await tinyNetwork();
    const picture = { width: 5, height: 6, rgb: new Uint8Array(90).fill(200) };
    const params = { window: 3, stride: 2, value: -1, show: 'class' };
    const result = (await resultOf(occlusion, session, { picture, params })) as TableResult;
    const classes = [...arrayOf(result, 'predictions').data];
    const scores = await pass(session, 'dense', image.data);
    const labels = ['cat', 'dog', 'tree'];
    const count = (index: number) => classes.filter((other) => other === index).length;
    for (const [index, label, windows] of result.rows)
      expect([label, windows]).toEqual([labels[Number(index)], count(Number(index))]);
    const first = scores.indexOf(Math.max(...scores));
    if (classes.includes(first)) expect(result.rows[0]![0]).toBe(first);
    // Each pixel is bright in the picture of one class, that of the window with the nearest middle.
    const bright = result.pictures!.map(({ picture: { rgb } }) => [...rgb].map((value) => value === 200));
    for (let i = 0; i < 90; i++) expect(bright.filter((one) => one[i])).toHaveLength(1);
    expect(bright[result.rows.findIndex(([index]) => index === classes[0])]![0]).toBe(true);
    const units = [{ channel: 0 }];
    await expect(resultOf(occlusion, session, { layer: 'mix', units, params })).rejects.toThrow(
      'A unit sees no classes',
    );
  });

  it('leaves the border out where it is dropped, and says so', async () => {
    const result = await resultOf(occlusion, await tinyNetwork(), { params: { window: 4, stride: 3, border: 'drop' } });
    const map = arrayOf(result, 'map').data;
    expect([map[4], map[25]]).toEqual([0, 0]);
    expect(map[0]).not.toBe(0);
    expect(result.notes.join()).toContain('the map is zero there');
  });

  it('hides features one by one where the input is no picture', async () => {
    const builder = new GraphBuilder();
    builder.input('x', [BATCH, 3]);
    builder.constant('w', float32([2, -1, 5, 1, 1, 1], [2, 3]));
    builder.addNode('Gemm', ['x', 'w'], ['scores'], { transB: 1 });
    const { model, engine, description } = await tinyNetwork();
    const inputs = [{ name: 'x', shape: [BATCH, 3], layout: 'NF' }] as const;
    const session = new Session({ ...model, inputs, graph: builder.graph(['scores']) }, engine, description);
    const tensor = float32([10, 20, 30], [1, 3]);
    const result = await resultOf(occlusion, session, { tensor, params: { value: 1 } });
    // w · (x − 1)
    expect([...arrayOf(result, 'attribution').data]).toEqual([18, -19, 145]);
    expect(arrayOf(result, 'attribution').shape).toEqual([1, 3]);
    expect(arrayOf(result, 'map').shape).toEqual([1, 1, 3]);
  });

  it('shows pictures on the way, and keeps the last one when it is cancelled', async () => {
    const session = await tinyNetwork();
    const cancel = new AbortController();
    const steps: { done: number; map: Tensor | undefined }[] = [];
    const asked = { signal: cancel.signal, params: { window: 1, stride: 1, batch: 1 } };
    const run = async () => {
      await resultOf({ ...occlusion, run }, session, asked);
      async function* run(context: Context) {
        for await (const update of occlusion.run(context)) {
          steps.push({ done: update.done, map: update.result?.arrays['map'] });
          if (update.done === 9) cancel.abort();
          yield update;
        }
      }
    };
    await expect(run()).rejects.toThrow('Cancelled');
    expect(steps[0]).toMatchObject({ done: 2, map: { shape: [1, 6, 5] } });
    expect(steps.at(-1)!.map).toBeDefined();
    expect(steps.at(-1)!.done).toBeLessThan(12);
  });
});
