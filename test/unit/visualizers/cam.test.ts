import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { Session } from '../../../src/core/session.ts';
import { cam } from '../../../src/core/visualizers/cam.ts';
import { gradCamPlusPlus } from '../../../src/core/visualizers/grad-cam-plus-plus.ts';
import { gradCam } from '../../../src/core/visualizers/grad-cam.ts';
import { guidedBackprop } from '../../../src/core/visualizers/guided-backprop.ts';
import { guidedGradCam } from '../../../src/core/visualizers/guided-grad-cam.ts';
import type { Visualizer } from '../../../src/core/visualizers/visualizer.ts';
import { byHand, Network } from '../cam/networks.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

// A = ReLU(x), ReLU(−x) = 1 0 3 0, 0 2 0 4; means 1 and 1.5; cat = 2 · 1 − 1.5 + 1, dog = −1 + 3 · 1.5.
const image = float32([1, -2, 3, -4], [1, 1, 2, 2]);
const hand = byHand().session('dense');

async function mapOf(method: Visualizer, asked: Parameters<typeof resultOf>[2] = {}) {
  const result = await resultOf(method, await hand, { tensor: image, ...asked });
  return { result, cam: [...arrayOf(result, 'cam').data], map: [...arrayOf(result, 'map').data] };
}

const close = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
};

describe('class activation maps by hand', () => {
  it('CAM: the maps times the class weights; its mean and the bias are the score', async () => {
    const { cam: found, map, result } = await mapOf(cam);
    close(found, [2, -2, 6, -4]);
    close(map, [2, -2, 6, -4]);
    expect(result.metrics['score']).toEqual([1.5]);
    expect(arrayOf(result, 'cam').shape).toEqual([1, 2, 2]);
    close((await mapOf(cam, { target: 1 })).cam, [-1, 6, -3, 12]);
  });

  it('Grad-CAM: the maps times the mean gradients', async () => {
    close((await mapOf(gradCam)).cam, [0.5, -0.5, 1.5, -1]);
    close((await mapOf(gradCam, { params: { relu: true } })).cam, [0.5, 0, 1.5, 0]);
  });

  it('Grad-CAM++: positive gradients, each by its weight', async () => {
    close((await mapOf(gradCamPlusPlus)).cam, [0.5, 0, 1.5, 0]);
    close((await mapOf(gradCamPlusPlus, { target: 1 })).cam, [0, 12 / 13, 0, 24 / 13]);
  });

  it('guided Grad-CAM: guided backprop times Grad-CAM', async () => {
    const { result } = await mapOf(guidedGradCam);
    close([...arrayOf(result, 'attribution').data], [0.25, 0, 0.75, 0]);
  });

  it('of one class against another: the difference of theirs', async () => {
    close((await mapOf(cam, { against: 1 })).cam, [3, -8, 9, -16]);
    close((await mapOf(gradCam, { against: 1 })).cam, [0.75, -2, 2.25, -4]);
  });

  it('of a layer that is named: its own output', async () => {
    close((await mapOf(gradCam, { layer: 'conv' })).cam, [0.375, -0.75, 1.125, -1.5]);
  });

  it('of several images: each by itself', async () => {
    const tensor = float32([1, -2, 3, -4, 5, 5, 5, -5], [2, 1, 2, 2]);
    const { result, cam: found } = await mapOf(cam, { tensor });
    close(found, [2, -2, 6, -4, 10, 10, 10, -5]);
    expect(result.metrics['score']).toEqual([1.5, 7.25]);
  });
});

const deep = () =>
  new Network([3, 6, 6])
    .conv('image', 'conv1', [4, 3, 3, 3])
    .add('Relu', ['conv1'], 'relu1')
    .pool('MaxPool', 'relu1', 'pool1', 2)
    .conv('pool1', 'conv2', [5, 4, 3, 3])
    .add('Relu', ['conv2'], 'relu2')
    .add('GlobalAveragePool', ['relu2'], 'pool2')
    .conv('pool2', 'classes', [3, 5, 1, 1])
    .session('classes');
const photo = float32(ramp(108, 3), [1, 3, 6, 6]);

describe('class activation maps', () => {
  it('CAM is Grad-CAM times the number of positions', async () => {
    const session = await deep();
    for (const target of [0, 1, 2]) {
      const own = arrayOf(await resultOf(cam, session, { tensor: photo, target }), 'cam').data;
      const gradient = arrayOf(await resultOf(gradCam, session, { tensor: photo, target }), 'cam').data;
      close(
        [...own],
        [...gradient].map((value) => 9 * value),
      );
      expect(own.some((value) => value !== 0)).toBe(true);
    }
  });

  it('guided Grad-CAM is the product of its two parts, at the size of the image', async () => {
    const session = await deep();
    const asked = { tensor: photo, target: 1 };
    const product = await resultOf(guidedGradCam, session, asked);
    const map = arrayOf(await resultOf(gradCam, session, { ...asked, params: { relu: true } }), 'map').data;
    const guided = arrayOf(await resultOf(guidedBackprop, session, asked), 'attribution').data;
    close(
      [...arrayOf(product, 'attribution').data],
      [...guided].map((value, i) => value * map[i % 36]!),
    );
    expect(arrayOf(product, 'cam').shape).toEqual([1, 3, 3]);
  });

  it('of a unit are made of maps below it', async () => {
    const session = await deep();
    const units = [{ channel: 2, position: { y: 1, x: 1 } }];
    const result = await resultOf(gradCam, session, { tensor: photo, layer: 'relu2', units });
    expect(result.notes[0]).toContain("'relu1', 6×6");
    expect(result.notes[1]).toContain('not which place the unit looks at');
    await expect(resultOf(gradCam, session, { tensor: photo, layer: 'relu1', units })).rejects.toThrow(
      'No convolution lies between the input and unit 2 at 1,1 of relu1',
    );
  });

  it('say what to do where there are none', async () => {
    const session = await tinyNetwork();
    await expect(resultOf(cam, session)).rejects.toThrow(
      "Flatten 'flatten' weighs each position of the maps by itself",
    );
    await expect(resultOf(gradCam, session, { layer: 'dense' })).rejects.toThrow('which are no maps');
  });

  it('say why a map is empty', async () => {
    const session = await deep();
    const black = float32(new Float32Array(108), [1, 3, 6, 6]);
    const { notes } = await resultOf(gradCam, session, { tensor: black });
    expect(notes.at(-1)).toContain('The map is zero everywhere');
    // All that is there speaks against the cat.
    const against = await mapOf(gradCam, { tensor: float32([-1, -1, -1, -1], [1, 1, 2, 2]), params: { relu: true } });
    expect(against.result.notes.at(-1)).toContain('speaks against it');
  });

  it.each([gradCam, gradCamPlusPlus, guidedGradCam])('$id takes a layer without a unit in a run', async ({ id }) => {
    const session: Session = await deep();
    const picture = { name: 'a test', width: 2, height: 1, rgba: Uint8Array.of(1, 2, 3, 255, 90, 80, 70, 255) };
    const run = runMethod(
      session,
      { method: id, model: '', layer: 'conv1', image: picture },
      new AbortController().signal,
    );
    const steps = async () => {
      for (;;) {
        const step = await run.next();
        if (step.done) return step.value;
      }
    };
    expect((await steps()).result.notes[0]).toContain("'conv1', 6×6");
  });
});
