import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '../../../src/core/model.ts';
import { Ascent, type Way } from '../../../src/core/optimization/ascent.ts';
import { Adam } from '../../../src/core/optimization/optimizers/adam.ts';
import { FourierPicture } from '../../../src/core/optimization/parametrisations/fourier-picture.ts';
import { pixels } from '../../../src/core/optimization/parametrisations/pixels.ts';
import { totalVariation } from '../../../src/core/optimization/penalties/total-variation.ts';
import { random } from '../../../src/core/optimization/random.ts';
import { Viewer } from '../../../src/core/optimization/viewer.ts';
import { runProgram } from '../../support/programs.ts';

const CAFFE: Preprocessing = { channels: 'BGR', scale: 1, mean: [104, 117, 123], std: [1, 2, 3], resize: 'squash' };
const GREY: Preprocessing = { channels: 'grey', scale: 1 / 255, mean: [0], std: [1], resize: 'squash' };
const LUCID = { jitter: 4, scale: 0.1, rotate: 10, jitter2: 2 };

describe('an ascent', () => {
  const climb = async (streams: readonly number[], seed = 0) => {
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
      await ascent.paint(runProgram);
      ascent.look();
      await ascent.climb(
        gradient,
        streams.map(() => 0),
        runProgram,
      );
    }
    await ascent.paint(runProgram);
    return ascent;
  };
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('goes where the gradient points', async () => {
    const { pictures } = await climb([0]);
    const [red, blue] = [0, 288].map((from) => mean(pictures.subarray(from, from + 144)));
    expect(blue! - red!).toBeGreaterThan(0.02);
  });

  it('makes the same picture from the same seed, whatever else is in the batch', async () => {
    const together = (await climb([3, 8, 5])).pictures;
    expect((await climb([8])).pictures).toEqual(together.slice(432, 864));
    expect((await climb([8], 1)).pictures).not.toEqual(together.slice(432, 864));
  });

  it("gives the pictures in the network's units", async () => {
    const ascent = await climb([0]);
    const inputs = ascent.inputs();
    expect(inputs[0]).toBeCloseTo(ascent.pictures[288]! * 255 - 104, 3);
    expect(inputs[288]).toBeCloseTo((ascent.pictures[0]! * 255 - 123) / 3, 3);
  });

  it('without transforms the network sees the pictures as they are; penalties are taken off, priors come after each step', async () => {
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
    await ascent.paint(runProgram);
    ascent.look();
    expect(Array.from(ascent.seen, (value) => Number(value.toFixed(4)))).toEqual([
      0.5, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
    ]);
    // Values less 2 · (0.1² + 0²): the only pixel with both neighbours is the first.
    const values = await ascent.climb(new Float32Array(8).fill(255), [1, 3], runProgram);
    expect(values[0]).toBeCloseTo(0.98, 6);
    expect(values[1]).toBe(3);
    // Gradient of the penalty: 2·2·0.1 at the first, its opposite at the second, in levels of 1/255.
    const [first, second] = seen.map(([step, ...parameters]) => ({ step, parameters }));
    const expected = [1 + 0.4 / 255, 25.5 + 1 - 0.4 / 255, 1, 1];
    first!.parameters.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(second).toEqual({ step: 1, parameters: [1, 1, 1, 1] });
  });
});
