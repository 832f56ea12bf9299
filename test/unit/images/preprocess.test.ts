import { describe, expect, it } from 'vitest';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { imageGradient, imageToInput, toInput, toPicture } from '../../../src/core/images/preprocess.ts';
import type { ModelInput, Preprocessing } from '../../../src/core/model.ts';
import { preset } from '../../../src/core/presets.ts';

const takes = (channels: number, height: number, width: number): ModelInput => ({
  name: 'x',
  layout: 'NCHW',
  shape: [BATCH, channels, height, width],
});

/** Two pixels: red-ish, blue-ish. */
const picture = { width: 2, height: 1, rgb: Uint8Array.of(200, 100, 50, 10, 20, 250) };

describe('toInput', () => {
  it('takes off the mean in the order of the channels: Caffe', () => {
    const { shape, data } = toInput(picture, takes(3, 1, 2), preset('imagenet-caffe').input);
    expect(shape).toEqual([1, 3, 1, 2]);
    [50 - 104, 250 - 104, 100 - 117, 20 - 117, 200 - 123, 10 - 123].forEach((x, i) =>
      expect(data[i]).toBeCloseTo(x, 4),
    );
  });

  it('scales, takes off the mean, divides: torchvision', () => {
    const { data } = toInput(picture, takes(3, 1, 2), preset('imagenet-torch').input);
    expect(data[0]).toBeCloseTo((200 / 255 - 0.485) / 0.229, 5);
    expect(data[3]).toBeCloseTo((20 / 255 - 0.456) / 0.224, 5);
    expect(data[5]).toBeCloseTo((250 / 255 - 0.406) / 0.225, 5);
  });

  it('brings 0 and 255 to −1 and 1', () => {
    const ends = { width: 2, height: 1, rgb: Uint8Array.of(0, 0, 0, 255, 255, 255) };
    const { data } = toInput(ends, takes(3, 1, 2), preset('minus1-1').input);
    expect([...data]).toEqual([-1, 1, -1, 1, -1, 1]);
  });

  it("makes grey as Pillow's convert('L')", () => {
    const { shape, data } = toInput(picture, takes(1, 1, 2), preset('grey-0-255').input);
    expect(shape).toEqual([1, 1, 1, 2]);
    [124, 43].forEach((grey, i) => expect(data[i]).toBeCloseTo(grey, 4));
  });

  it('squashes, or cuts', () => {
    const wide = { width: 4, height: 2, rgb: new Uint8Array(24).map((_, i) => (Math.floor(i / 3) % 4) * 80) };
    const raw = (resize: 'squash' | 'crop') =>
      toInput(wide, takes(3, 2, 2), { ...preset('0-255').input, resize }).data.subarray(0, 2);
    expect([...raw('crop')]).toEqual([80, 160]);
    expect(raw('squash')[0]).toBeLessThan(60);
  });
});

describe('toPicture', () => {
  it.each(['0-1', 'minus1-1', '0-255', 'imagenet-torch', 'imagenet-caffe'] as const)('undoes toInput: %s', (id) => {
    const { input } = preset(id);
    expect(toPicture(toInput(picture, takes(3, 1, 2), input), input)).toEqual(picture);
  });

  it('shows grey in all three colours, clips what is beyond, and shows what is no number black', () => {
    const data = Float32Array.of(0.5, 7, -3, NaN);
    const { rgb } = toPicture({ dtype: 'float32', shape: [1, 1, 1, 4], data }, preset('grey-0-1').input);
    expect([...rgb]).toEqual([128, 128, 128, 255, 255, 255, 0, 0, 0, 0, 0, 0]);
  });

  it('shows any image of a batch', () => {
    const data = Float32Array.of(0, 1);
    const { rgb } = toPicture({ dtype: 'float32', shape: [2, 1, 1, 1], data }, preset('grey-0-1').input, 1);
    expect([...rgb]).toEqual([255, 255, 255]);
  });
});

it('imageGradient is the adjoint of imageToInput', () => {
  const preprocessing: Preprocessing = { channels: 'BGR', scale: 2, mean: [1, 2, 3], std: [4, 5, 6], resize: 'squash' };
  const planes = { channels: 3, area: 2, preprocessing };
  const map = (image: number[]) => {
    const input = new Float32Array(12);
    imageToInput(Float32Array.from(image), input, planes);
    return input;
  };
  const zero = map(Array<number>(12).fill(0));
  const weights = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
  const gradient = new Float32Array(12);
  imageGradient(weights, gradient, planes);
  for (let i = 0; i < 12; i++) {
    const moved = map(Array.from({ length: 12 }, (_, k) => (k === i ? 1 : 0)));
    const slope = moved.reduce((sum, value, k) => sum + (value - zero[k]!) * weights[k]!, 0);
    expect(gradient[i]).toBeCloseTo(slope, 3);
  }
});
