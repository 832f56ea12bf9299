import { describe, expect, it } from 'vitest';
import { classScores } from '../../../src/core/classes.ts';
import { openSession } from '../../../src/core/open.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { fooling } from '../../../src/core/visualizers/fooling.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { arrayOf, resultOf, tinyNetwork } from './tiny-network.ts';

type Asked = Parameters<typeof resultOf>[2];

const noClass = { target: undefined as unknown as number };
const make = async (session: Session, asked: Asked = {}) =>
  (await resultOf(fooling, session, { ...noClass, ...asked })) as ImagesResult;

/** The same, but for inputs 0..1, of which it is not certain at once. */
async function unsureNetwork(channels: 'RGB' | 'BGR' = 'RGB'): Promise<Session> {
  const { model, engine, description } = await tinyNetwork({ channels });
  return new Session(model, engine, { ...description, input: { ...description.input, scale: 1 / 255 } });
}
const confidence = ({ metrics }: ImagesResult) => metrics['confidence'] as number[];
const few = { steps: 6, offspring: 8 };

describe.each(['cppn', 'direct', 'gradient'])('fooling images by %s', (by) => {
  it('are surer than at the start, and what the network says of their bytes', async () => {
    const session = await unsureNetwork('BGR');
    const result = await make(session, { params: { by, ...few } });
    expect(result.tiles.map(({ label }) => label.split(' · ')[0])).toEqual(['cat', 'dog', 'tree']);
    result.history!.curves.forEach(({ y }) => expect(y.at(-1)).toBeGreaterThan(y[0]!));
    const image = arrayOf(result, 'image');
    const answers = await classScores(session, { image }, 'softmax', undefined);
    answers.forEach(({ probabilities }, n) => expect(probabilities[n]).toBeCloseTo(confidence(result)[n]!, 5));
    result.rgb.forEach((byte, i) => {
      const [n, pixel, c] = [Math.floor(i / 90), Math.floor(i / 3) % 30, i % 3];
      expect(image.data[n * 90 + (2 - c) * 30 + pixel]).toBeCloseTo(byte / 255, 6);
    });
  });

  it('are the same bytes from the same seed', async () => {
    const session = await unsureNetwork();
    const params = { by, ...few };
    const first = await make(session, { params, seed: 3 });
    expect((await make(session, { params, seed: 3 })).rgb).toEqual(first.rgb);
    expect((await make(session, { params, seed: 4 })).rgb).not.toEqual(first.rgb);
  });

  it('are of the classes that are asked for', async () => {
    const session = await unsureNetwork();
    const units = async (asked: Asked) => (await make(session, asked)).tiles.map(({ unit }) => unit);
    const params = { by, steps: 1, offspring: 2 };
    expect(await units({ params, target: 1 })).toEqual([1]);
    expect(await units({ params: { ...params, classes: '2,0' } })).toEqual([2, 0]);
    // As with an image, whose predicted class is the target where none is asked for.
    expect(await units({ params: { ...params, classes: '2,0' }, target: 1 })).toEqual([2, 0]);
    expect(await units({ params, layer: 'softmax', units: [{ channel: 2 }, { channel: 1 }] })).toEqual([2, 1]);
    expect(await units({ params: { ...params, count: 2 } })).toHaveLength(2);
  });

  it('are kept when cancelled', async () => {
    const session = await unsureNetwork();
    const stop = new AbortController();
    const request = { method: 'fooling', model: '', params: { by, steps: 10_000, offspring: 20 } };
    const run = runMethod(session, request, stop.signal);
    let step = await run.next();
    while (!step.done) {
      if ('partial' in step.value && step.value.partial && step.value.done > 40) stop.abort();
      step = await run.next();
    }
    expect(step.value.provenance.partial).toBe(true);
    const { tiles, metrics } = step.value.result as ImagesResult;
    expect(tiles).toHaveLength(3);
    expect(metrics['steps']).toBeGreaterThan(0);
    expect(metrics['steps']).toBeLessThan(10_000);
  });
});

describe('fooling images', () => {
  it('never lose confidence from generation to generation', async () => {
    const { history } = await make(await unsureNetwork(), { params: { by: 'cppn', steps: 30, offspring: 3 } });
    for (const { y } of history!.curves) y.forEach((now, i) => expect(now).toBeGreaterThanOrEqual(y[i - 1] ?? 0));
    expect(history!.curves[0]!.x).toHaveLength(31);
  });

  it('shows of all classes those that the network is surest of, in their order', async () => {
    const session = await unsureNetwork();
    const params = { by: 'direct', ...few };
    const all = confidence(await make(session, { params }));
    const some = await make(session, { params: { ...params, count: 2 } });
    const least = all.indexOf(Math.min(...all));
    expect(some.tiles.map(({ unit }) => unit)).toEqual([0, 1, 2].filter((index) => index !== least));
    expect(some.notes).toEqual(['Of 3 classes those 2 that the network is surest of.']);
  });

  it('never calls certain what is not', async () => {
    const result = await make(await unsureNetwork(), {
      params: { by: 'gradient', steps: 1, start: 'mean', rate: 0.001 },
    });
    result.tiles.forEach(({ label }, n) => {
      const shown = Number(label.replace(/.* · |%|< /g, ''));
      expect(shown / 100).toBeLessThanOrEqual(Math.max(confidence(result)[n]!, 1e-4));
    });
  });

  it('says what a layer without classes, or a class that is not there, is', async () => {
    const session = await unsureNetwork();
    await expect(make(session, { layer: 'relu', units: [{ channel: 1 }] })).rejects.toThrow(
      "fooling is about classes, and layer 'relu' has none: give --layer softmax, or --target K.",
    );
    await expect(make(session, { params: { classes: '7' } })).rejects.toThrow('There is no class 7');
    const request = { method: 'fooling', model: '', params: { by: 'gradient', start: 'image' } };
    await expect(runMethod(session, request, new AbortController().signal).next()).rejects.toThrow('--image');
  });
});

const SQUEEZENET = sharedModel('squeezenet10-deepcomp/squeezenet10.onnx');

describe('fooling images of another size', () => {
  it.skipIf(!hasShared).each(['cppn', 'direct', 'gradient'])(
    `are what a network sees that takes any: by %s${needsShared}`,
    async (by) => {
      const session = await openSession(SQUEEZENET);
      const params = { by, size: 64, steps: 1, offspring: 2, classes: '3,7' };
      const result = await make(session, { params });
      expect(arrayOf(result, 'image').shape).toEqual([2, 3, 64, 64]);
      expect([result.width, result.height]).toEqual([64, 64]);
      await session.dispose();
    },
  );

  it('are refused by one that takes its own only', async () => {
    await expect(make(await unsureNetwork(), { params: { size: 12 } })).rejects.toThrow(
      'size 12: this layer takes pictures of 6×5 only.',
    );
  });
});

const MODELS = 'media/samples/digits.onnx';
const LENET = sharedModel('lenet-mnist-tensorspace/tensorflow/rawModel/keras/tf_keras_model.h5');

describe.each([
  ['the sample network', MODELS, true, ''],
  ['LeNet', LENET, hasShared, needsShared],
] as const)('digits that fool %s', (_, model, there, why) => {
  // Fewer pictures than by default, so that the test takes seconds; of pixels as many, which need them.
  it.skipIf(!there).each([
    ['cppn', 150],
    ['direct', 400],
    ['gradient', 0],
  ])(
    `by %s: at least eight of ten at 99 %%${why}`,
    async (by, offspring) => {
      const session = await openSession(model);
      const found = confidence(await make(session, { params: { by, offspring } }));
      expect(found).toHaveLength(10);
      expect(found.filter((one) => one >= 0.99).length).toBeGreaterThanOrEqual(8);
      await session.dispose();
    },
    120_000,
  );
});
