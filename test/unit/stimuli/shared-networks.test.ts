import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src/core/open.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { Session } from '../../../src/core/session.ts';
import { RECIPES } from '../../../src/core/visualizers/recipes.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';

/** A layer of each network in the shared folder that takes pictures, and pixels that it is asked for where it takes any size. */
const NETWORKS: readonly [name: string, file: string, layer: string, size: number][] = [
  ['SqueezeNet, low down', 'squeezenet10-deepcomp/squeezenet10.onnx', 'fire2/concat', 0],
  ['SqueezeNet, in the middle', 'squeezenet10-deepcomp/squeezenet10.onnx', 'fire6/concat', 64],
  ['EfficientNet-Lite0', 'efficientnet-lite0/efficientnet-lite0.onnx', 'block05/depthwise/relu6', 64],
  ['a linear bottleneck of EfficientNet', 'efficientnet-lite0/efficientnet-lite0.onnx', 'block03/project/conv', 0],
  ['MobileNet', 'mobilenet-v1-1.0-tfjs-partial/model.truncated.json', 'conv_pw_3_relu', 0],
  ['a 28×28 grey net in ONNX', 'mnist-onnx-wonnx/opt-mnist.onnx', 'Plus214_Output_0', 0],
  ['a 28×28 grey net in Keras', 'lenet-mnist-tensorspace/keras/rawModel/combined/mnist.h5', 'Softmax', 0],
  ['a 64×64 colour net', 'tinyvgg-tfjs/model.json', 'output', 0],
];
const MADE = RECIPES.filter(({ id }) => id !== 'fooling');

async function activation(session: Session, method: string, layer: string, params: Record<string, unknown>) {
  const request = { method, model: session.model.file, layer, unit: '1', params };
  const run = runMethod(session, request, new AbortController().signal);
  let step = await run.next();
  while (!step.done) step = await run.next();
  const { metrics, rgb } = step.value.result as ImagesResult;
  return { activation: metrics['activation'] as number[], rgb };
}

describe.skipIf(!hasShared).each(NETWORKS)(`%s${needsShared}`, (_, file, layer, size) => {
  const session = hasShared ? openSession(sharedModel(file)) : undefined;

  it.each(MADE.map(({ id }) => id))('%s ends higher than it began, and draws something', async (id) => {
    const { params } = RECIPES.find((recipe) => recipe.id === id)!;
    const few = { size, ...('starts' in params && { starts: 2 }), ...('pictures' in params && { pictures: 2 }) };
    const before = await activation((await session)!, id, layer, { ...few, steps: 1, rate: 1e-3 });
    const after = await activation((await session)!, id, layer, { ...few, steps: 32 });
    after.activation.forEach((value, n) => expect(value).toBeGreaterThan(before.activation[n]!));
    expect(new Set(after.rgb).size).toBeGreaterThan(20);
  });
});
