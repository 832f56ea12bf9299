import { engine as tensors } from '@tensorflow/tfjs-core';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/core/engines/engine.ts';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { elements, float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import { channel, oneHot } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram } from '../../../src/core/optimization/program.ts';
import { scoreTensor } from '../../../src/core/scores.ts';
import { distance, once } from '../../support/agreement.ts';
import { COMPARED_ENGINES } from '../../support/engines.ts';
import { random } from '../../support/finite-differences.ts';
import { hasShared, needsShared, sharedModel, SQUEEZENET } from '../../support/shared.ts';

const sample = (name: string) => path.join(import.meta.dirname, '../../../media/samples', name);

const NETWORKS = [
  { name: 'digits', file: sample('digits.onnx'), classes: 10, range: 1, here: true },
  { name: 'digits from Keras', file: sample('digits.h5'), classes: 10, range: 1, here: true },
  {
    name: 'LeNet',
    file: sharedModel('lenet-mnist-tensorspace/keras/rawModel/combined/mnist.h5'),
    classes: 10,
    range: 1,
    here: hasShared,
  },
  { name: 'SqueezeNet', file: SQUEEZENET, classes: 1000, range: 100, here: hasShared },
  {
    name: 'EfficientNet-Lite0',
    file: sharedModel('efficientnet-lite0/efficientnet-lite0.onnx'),
    classes: 1000,
    range: 1,
    here: hasShared,
  },
];

/**
 * Among millions of values one often lies within rounding of a rectifier's bend, and then an engine sends that image's
 * gradient another way. Not in every image: one that agrees in each value has been computed alike.
 */
const IMAGES = 8;

const imageOf = ({ data, shape }: Tensor, image: number): Tensor<'float32'> => {
  const size = elements(shape.slice(1));
  return float32((data as Float32Array).slice(image * size, (image + 1) * size), shape.slice(1));
};

describe.each(COMPARED_ENGINES)('$name runs whole networks as ONNX Runtime does', ({ create }) => {
  let engine: Engine;
  let reference: Engine;
  beforeAll(async () => {
    [engine, reference] = [await create(), await createOnnxRuntime()];
  });

  for (const { name, file, classes, range, here } of NETWORKS)
    it.skipIf(!here)(`${name}: scores, and the gradient of a class${here ? '' : needsShared}`, async () => {
      const model = await openModel(file);
      const { name: input, shape } = model.inputs[0]!;
      const size = [IMAGES, ...shape.slice(1)];
      const next = random(5);
      const x = float32(
        Float32Array.from({ length: elements(size) }, () => range * (2 * next() - 1)),
        size,
      );
      const scores = scoreTensor(model);
      const program = gradientProgram(model.graph, channel(scores), { input, also: [scores] });
      const feeds = { [input]: x, unit: oneHot(Array<number>(IMAGES).fill(classes - 1), classes) };
      const [found, expected] = [await once(engine, program, feeds), await once(reference, program, feeds)];
      expect(distance(found[scores]!, expected[scores]!)).toBeLessThan(1e-4);
      const each = Array.from({ length: IMAGES }, (_, i) =>
        distance(imageOf(found[GRADIENT]!, i), imageOf(expected[GRADIENT]!, i)),
      );
      expect(Math.min(...each)).toBeLessThan(1e-4);
      expect(Math.max(...each)).toBeLessThan(0.1);
    });

  it('keeps nothing of a program that was disposed of, and nothing between runs', async () => {
    const model = await openModel(sample('digits.onnx'));
    const { name: input, shape } = model.inputs[0]!;
    const program = gradientProgram(model.graph, channel(scoreTensor(model)), { input });
    const feeds = {
      [input]: float32(new Float32Array(elements(shape.slice(1))), [1, ...shape.slice(1)]),
      unit: oneHot([3], 10),
    };
    const before = tensors().memory().numTensors;
    const executable = await engine.compile(program);
    await executable.run(feeds);
    const after = tensors().memory();
    await executable.run(feeds);
    await expect(executable.run({})).rejects.toThrow('no value was given');
    expect(tensors().memory().numTensors).toBe(after.numTensors);
    expect(tensors().memory().numBytes).toBe(after.numBytes);
    await executable.dispose();
    expect(tensors().memory().numTensors).toBe(before);
  });
});
