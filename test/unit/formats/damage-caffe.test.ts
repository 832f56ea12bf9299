import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { caffeModel, caffeModelV1, someWeights } from './caffe-files.ts';
import { alexNet, conv, fc, input, layer, pool, relu, resNet18 } from './caffe-nets.ts';
import { survives } from './damage.ts';

const NET =
  input(1, 2, 6, 6) +
  conv('conv', 'data', { num_output: 3, kernel_size: 3 }) +
  layer('BatchNorm', 'bn', 'conv') +
  relu('bn') +
  pool('pool', 'bn', { pool: 'AVE', kernel_size: 3, stride: 2, pad: 1 }) +
  fc('fc', 'pool', 4) +
  layer('Softmax', 'prob', 'fc');
const text = (net: string) => new TextEncoder().encode(net);

describe('damaged files of Caffe open or tell', () => {
  const weights = caffeModel(someWeights(NET));
  const head = weights.length;

  it('.caffemodel beside its net', () => survives(weights, 'net.caffemodel', head, { 'net.prototxt': NET }), 60_000);

  it('.caffemodel of 2014', async () => {
    const small = input(1, 2, 6, 6) + conv('conv', 'data', { num_output: 3, kernel_size: 3 });
    const old = caffeModelV1(someWeights(small));
    await survives(old, 'net.caffemodel', old.length, { 'net.prototxt': small });
  }, 60_000);

  it(
    '.prototxt beside its weights',
    () => survives(text(NET), 'net.prototxt', NET.length, { 'net.caffemodel': weights }),
    60_000,
  );

  it.each([
    ['AlexNet', alexNet(true)],
    ['ResNet', resNet18()],
  ])('.prototxt alone: %s', (_, net) => survives(text(net), 'net.prototxt', net.length), 60_000);

  it.skipIf(!hasShared)(
    `a real .prototxt${needsShared}`,
    async () => {
      const real = readFileSync(sharedModel('squeezenet10-deepcomp/original/SqueezeNet_trainval.prototxt'));
      await survives(new Uint8Array(real), 'net.prototxt', real.length);
    },
    60_000,
  );
});
