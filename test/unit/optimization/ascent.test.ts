import { describe, expect, it } from 'vitest';
import { imageGradient, imageToInput } from '../../../src/core/images/preprocess.ts';
import type { Preprocessing } from '../../../src/core/model.ts';
import { Ascent, type Way } from '../../../src/core/optimization/ascent.ts';
import { Adam } from '../../../src/core/optimization/optimizers/adam.ts';
import { FourierPicture } from '../../../src/core/optimization/parametrisations/fourier-picture.ts';
import { pixels } from '../../../src/core/optimization/parametrisations/pixels.ts';
import { totalVariation } from '../../../src/core/optimization/penalties/total-variation.ts';
import { random } from '../../../src/core/optimization/random.ts';
import { drawView, Viewer } from '../../../src/core/optimization/transforms.ts';
import { dot, normals } from '../../support/vectors.ts';

const CAFFE: Preprocessing = { channels: 'BGR', scale: 1, mean: [104, 117, 123], std: [1, 2, 3], resize: 'squash' };
const GREY: Preprocessing = { channels: 'grey', scale: 1 / 255, mean: [0], std: [1], resize: 'squash' };
const LUCID = { jitter: 4, scale: 0.1, rotate: 10, jitter2: 2 };

describe.each([
  { channels: 3 as const, preprocessing: CAFFE },
  { channels: 1 as const, preprocessing: GREY },
])('a picture of $channels channels', ({ channels, preprocessing }) => {
  const [height, width] = [10, 13];
  const parameters = new FourierPicture({ channels, height, width, decay: 1 });
  const viewer = new Viewer(channels, [height, width], [9, 12]);
  const look = viewer.look();
  viewer.locate(drawView(random(4), LUCID), look);
  const planes = { channels, area: 108, preprocessing };
  const [picture, seen, input] = [channels * 130, channels * 108, channels * 108].map((n) => new Float32Array(n)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];

  /** From parameters to what the network gets. */
  const forward = (values: Float32Array) => {
    parameters.paint(values, picture);
    viewer.see(picture, look, seen);
    imageToInput(seen, input, planes);
    return Float64Array.from(input);
  };

  it('has the gradient of all its parts, by finite differences', () => {
    const values = normals(parameters.size, 1).map((value) => 0.3 * value);
    const weights = normals(input.length, 2);
    forward(values);
    const back = new Float32Array(picture.length);
    const gradient = new Float32Array(parameters.size);
    imageGradient(weights, seen, planes);
    viewer.gradient(seen, look, back);
    parameters.gradient(picture, back, gradient);
    const largest = Math.max(...gradient.map(Math.abs));
    for (let i = 0; i < 60; i++) {
      const at = (i * 7919) % parameters.size;
      const moved = (step: number) =>
        dot(forward(values.map((value, k) => (k === at ? value + step : value))), weights);
      const slope = (moved(0.02) - moved(-0.02)) / 0.04;
      expect(Math.abs(slope - gradient[at]!) / largest).toBeLessThan(5e-3);
    }
  });

  it('finds the parameters of a picture, but for black and white', () => {
    const wanted = normals(picture.length, 5).map((value) => 0.5 + 0.1 * value);
    parameters.paint(parameters.of(wanted), picture);
    picture.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 4));
    parameters.paint(parameters.of(wanted.map((_, i) => i % 2)), picture);
    picture.forEach((value, i) => expect(value).toBeCloseTo(i % 2, 2));
  });
});

describe('colours', () => {
  it('come together as they do in pictures: brightness varies most, and red, green and blue with it', () => {
    const parameters = new FourierPicture({ channels: 3, height: 48, width: 48, decay: 1 });
    const picture = new Float32Array(3 * 48 * 48);
    const own = random(2);
    parameters.paint(
      new Float32Array(parameters.size).map(() => 0.3 * own.normal()),
      picture,
    );
    const plane = (c: number) => Array.from(picture.subarray(c * 2304, (c + 1) * 2304), (v) => Math.log(v / (1 - v)));
    const correlation = (a: number[], b: number[]) => {
      const centre = (values: number[]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        return values.map((value) => value - mean);
      };
      const [x, y] = [centre(a), centre(b)];
      return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
    };
    // Of M·Mᵀ with Lucid's matrix: .94 (red, green), .84 (red, blue), .95 (green, blue).
    expect(correlation(plane(0), plane(1))).toBeCloseTo(0.94, 1);
    expect(correlation(plane(0), plane(2))).toBeCloseTo(0.84, 1);
    expect(correlation(plane(1), plane(2))).toBeCloseTo(0.95, 1);
  });
});

describe('an ascent', () => {
  const climb = (streams: readonly number[], seed = 0) => {
    const parametrisation = new FourierPicture({ channels: 3, height: 12, width: 12, decay: 1 });
    const randoms = streams.map((stream) => random(seed, stream));
    const ascent = new Ascent({
      ways: streams.map(() => ({ parametrisation, optimizer: new Adam(parametrisation.size, { rate: 0.05 }) })),
      viewer: new Viewer(3, [12, 12], [12, 12]),
      transforms: LUCID,
      preprocessing: CAFFE,
      starts: randoms.map((own) => new Float32Array(parametrisation.size).map(() => 0.01 * own.normal())),
      randoms,
    });
    // The network's wish: more of the first channel it gets (blue), less of the last (red).
    const gradient = new Float32Array(streams.length * 432).map((_, i) => 1 - Math.floor((i % 432) / 144));
    for (let step = 0; step < 20; step++) {
      ascent.paint();
      ascent.look();
      ascent.climb(
        gradient,
        streams.map(() => 0),
      );
    }
    ascent.paint();
    return ascent;
  };
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('goes where the gradient points', () => {
    const { pictures } = climb([0]);
    const [red, blue] = [0, 288].map((from) => mean(pictures.subarray(from, from + 144)));
    expect(blue! - red!).toBeGreaterThan(0.02);
  });

  it('makes the same picture from the same seed, whatever else is in the batch', () => {
    const together = climb([3, 8, 5]).pictures;
    expect(climb([8]).pictures).toEqual(together.slice(432, 864));
    expect(climb([8], 1).pictures).not.toEqual(together.slice(432, 864));
  });

  it("gives the pictures in the network's units", () => {
    const ascent = climb([0]);
    const inputs = ascent.inputs();
    expect(inputs[0]).toBeCloseTo(ascent.pictures[288]! * 255 - 104, 3);
    expect(inputs[288]).toBeCloseTo((ascent.pictures[0]! * 255 - 123) / 3, 3);
  });

  it('without transforms the network sees the pictures as they are; penalties are taken off, priors come after each step', () => {
    const parametrisation = pixels(4, [0.5]);
    const seen: number[][] = [];
    const way: Way = {
      parametrisation,
      optimizer: { step: (parameters, gradient) => parameters.forEach((_, i) => (parameters[i]! += gradient[i]!)) },
      penalties: [totalVariation(2, 2, { height: 2, width: 2 })],
      priors: [(parameters, _, step) => void seen.push([step, ...parameters])],
    };
    const ascent = new Ascent({
      ways: [way, way],
      viewer: new Viewer(1, [2, 2], [2, 2]),
      preprocessing: GREY,
      starts: [Float32Array.of(0, 25.5, 0, 0), new Float32Array(4)],
      randoms: [random(0), random(1)],
    });
    ascent.paint();
    ascent.look();
    expect(Array.from(ascent.seen, (value) => Number(value.toFixed(4)))).toEqual([
      0.5, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
    ]);
    // Values less 2 · (0.1² + 0²): the only pixel with both neighbours is the first.
    const values = ascent.climb(new Float32Array(8).fill(255), [1, 3]);
    expect(values[0]).toBeCloseTo(0.98, 6);
    expect(values[1]).toBe(3);
    // Gradient of the penalty: 2·2·0.1 at the first, its opposite at the second, in levels of 1/255.
    const [first, second] = seen.map(([step, ...parameters]) => ({ step, parameters }));
    const expected = [1 + 0.4 / 255, 25.5 + 1 - 0.4 / 255, 1, 1];
    first!.parameters.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(second).toEqual({ step: 1, parameters: [1, 1, 1, 1] });
  });
});
