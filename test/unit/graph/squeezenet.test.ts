import { beforeAll, describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import type { Executable } from '../../../src/core/engines/engine.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Model } from '../../../src/core/model.ts';
import { channel, oneHot } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';
import { scoreTensor } from '../../../src/core/scores.ts';
import { random } from '../../support/finite-differences.ts';
import { hasShared, needsShared, sharedModel, SQUEEZENET } from '../../support/shared.ts';

const NETWORKS = [
  { name: 'SqueezeNet', file: SQUEEZENET, range: 100 },
  { name: 'EfficientNet-Lite0', file: sharedModel('efficientnet-lite0/efficientnet-lite0.onnx'), range: 1 },
];

describe.skipIf(!hasShared).each(NETWORKS)(`the gradient of $name${needsShared}`, ({ file, range }) => {
  let model: Model;
  let program: Executable;
  let scores: string;
  const next = random(3);

  beforeAll(async () => {
    model = await openModel(file);
    scores = scoreTensor(model);
    program = await (
      await createOnnxRuntime()
    ).compile(gradientProgram(model.graph, channel(scores), { input: model.inputs[0]!.name }));
  });

  /** Smooth random images: rectifiers switch at few places along a small step. */
  const image = (batch: number) => {
    const shape = [batch, ...model.inputs[0]!.shape.slice(1)];
    const size = shape.reduce((a, b) => a * b, 1);
    const [a, b] = [next(), next()];
    return float32(
      Float32Array.from({ length: size }, (_, i) => range * Math.sin(i * (0.02 + a)) * Math.cos(i * b * 1e-3)),
      shape,
    );
  };

  it('is the slope of the score along random directions', async () => {
    const x = image(1);
    const feeds = (data: Float32Array) => ({
      [model.inputs[0]!.name]: float32(data, x.shape),
      unit: oneHot([340], 1000),
    });
    const gradient = (await program.run(feeds(x.data)))[GRADIENT]!.data as Float32Array;
    const value = async (data: Float32Array) =>
      ((await program.run(feeds(data), [VALUE]))[VALUE]!.data as Float32Array)[0]!;
    for (let trial = 0; trial < 5; trial++) {
      // Along the gradient's own signs, flipped here and there: slopes large enough for 32-bit differences.
      const direction = gradient.map((g) => Math.sign(g) * (next() < 0.2 ? -1 : 1));
      const step = range * 1e-5;
      const at = (sign: number) => value(x.data.map((v, i) => v + sign * step * direction[i]!));
      const numeric = ((await at(1)) - (await at(-1))) / (2 * step);
      const analytic = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      expect(Math.abs(numeric - analytic) / Math.abs(analytic)).toBeLessThan(0.02);
    }
  });

  it('is each image’s own in a batch', async () => {
    const name = model.inputs[0]!.name;
    const [first, second] = [image(1), image(1)];
    const both = float32(Float32Array.from([...first.data, ...second.data]), [2, ...first.shape.slice(1)]);
    const together = await program.run({ [name]: both, unit: oneHot([340, 7], 1000) });
    const alone = await program.run({ [name]: second, unit: oneHot([7], 1000) });
    const gradient = alone[GRADIENT]!.data as Float32Array;
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    const batched = (together[GRADIENT]!.data as Float32Array).subarray(gradient.length);
    const difference = gradient.reduce((most, g, i) => Math.max(most, Math.abs(g - batched[i]!)), 0);
    expect(difference / largest).toBeLessThan(1e-4);
  });
});
