import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import type { Model } from '../../../src/core/model.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { caffeModel, someWeights } from './caffe-files.ts';
import { alexNet, googLeNet, resNet18, vgg16, zfNet } from './caffe-nets.ts';
import { write } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const shapesOf = (model: Model) => {
  const shapes = inferShapes(model.graph);
  return new Map(model.layers.map(({ name, output }) => [name, String(shapes.get(output))]));
};

describe.skipIf(!hasShared)(`SqueezeNet of Caffe${needsShared}`, () => {
  const at = (...names: string[]) => openModel(sharedModel('squeezenet10-deepcomp', ...names));

  it('has the layers and the logits of the ONNX file', async () => {
    const [caffe, onnx] = await Promise.all([at('squeezenet10.caffemodel'), at('squeezenet10.onnx')]);
    const expected = shapesOf(onnx);
    const same = [...shapesOf(caffe)].filter(([name]) => expected.has(name));
    expect(same).toHaveLength(65);
    for (const [name, shape] of same) expect(shape, name).toBe(expected.get(name));

    const image = noise([2, 3, 227, 227]);
    for (let i = 0; i < image.data.length; i++) image.data[i]! *= 100;
    const [given] = await runModel(caffe, image);
    const [logits] = await runModel({ ...onnx, graph: { ...onnx.graph, outputs: ['pool_final'] } }, image);
    expect(Math.max(...(logits!.data as Float32Array))).toBeGreaterThan(1);
    expect(largestDifference(given!.data as Float32Array, logits!.data as Float32Array)).toBeLessThan(1e-4);
  });

  it('takes the preparation of pictures from the net that was trained, in the same folder', async () => {
    const { preprocessing } = await at('squeezenet10.caffemodel');
    expect(preprocessing).toEqual({
      channels: 'BGR',
      scale: 1,
      mean: [104, 117, 123],
      std: [1, 1, 1],
      resize: 'crop',
    });
  });

  it('leaves the weights in the file', async () => {
    const { graph } = await at('squeezenet10.caffemodel');
    const large = [...graph.constants.values()].filter(({ shape }) => shape.length === 4);
    expect(large).toHaveLength(26);
    for (const { source } of large)
      expect(source?.path).toBe(sharedModel('squeezenet10-deepcomp/squeezenet10.caffemodel'));
  });

  it('is shown without weights where there is only the .prototxt', async () => {
    const model = await at('original', 'SqueezeNet_deploy.prototxt');
    expect(model.missing).toBe('there are no weights for it; put its .caffemodel beside the .prototxt');
    expect(model.layers).toHaveLength(66);
    expect(model.layers.flatMap(({ weights }) => weights)).toEqual([]);
  });
});

describe('networks of the papers', () => {
  const rows: readonly (readonly [
    name: string,
    net: string,
    layers: number,
    some: Readonly<Record<string, string>>,
  ])[] = [
    [
      'AlexNet',
      alexNet(false, 0.1),
      24,
      { conv1: '10,55,55', norm1: '10,55,55', pool1: '10,27,27', pool5: '26,6,6', prob: '1000' },
    ],
    ['CaffeNet', alexNet(true, 0.1), 24, { norm1: '10,27,27', pool5: '26,6,6' }],
    [
      'ZFNet',
      zfNet(0.1),
      24,
      { conv1: '10,110,110', pool1: '10,56,56', conv2: '26,26,26', pool2: '26,14,14', pool5: '26,7,7' },
    ],
    ['VGG-16', vgg16(0.05), 40, { conv1_2: '3,224,224', pool5: '26,7,7' }],
    [
      'GoogLeNet',
      googLeNet(0.1),
      143,
      {
        'conv1/7x7_s2': '6,112,112',
        'pool1/3x3_s2': '6,56,56',
        'inception_3a/pool': '19,28,28',
        'inception_5b/output': '102,7,7',
        'pool5/7x7_s1': '102,1,1',
      },
    ],
    ['ResNet-18', resNet18(0.1), 93, { pool1: '6,56,56', res5b: '51,7,7', pool5: '51,1,1' }],
  ];

  it.each(rows)('%s opens with the sizes that Caffe gives, and runs', async (_, net, layers, some) => {
    const model = await openModel(write('net.caffemodel', caffeModel(someWeights(net)), { 'net.prototxt': net }));
    expect([model.warnings, model.unknown, model.graph.outputs]).toEqual([[], [], ['prob']]);
    expect(model.layers).toHaveLength(layers);
    const shapes = shapesOf(model);
    for (const [name, shape] of Object.entries(some)) expect(shapes.get(name), name).toBe(`-1,${shape}`);
    const [, ...sizes] = model.inputs[0]!.shape;
    const [prob] = await runModel(model, noise([1, ...sizes]));
    expect((prob!.data as Float32Array).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
  });

  it('ties layers in place to tensors of their own', async () => {
    const net = alexNet(false, 0.1);
    const model = await openModel(write('net.caffemodel', caffeModel(someWeights(net)), { 'net.prototxt': net }));
    const of = (name: string) => model.layers.find((layer) => layer.name === name)!;
    expect(of('conv1')).toMatchObject({ output: 'conv1', before: 'conv1', after: 'relu_conv1' });
    expect(of('relu_conv1')).toMatchObject({ output: 'relu_conv1', before: 'conv1', after: 'relu_conv1' });
    expect(of('norm1').nodes).toEqual(['norm1']);
    expect(model.graph.nodes.find(({ name }) => name === 'norm1')!.inputs).toEqual(['relu_conv1']);
    expect(of('fc6').weights).toEqual(['fc6/weight', 'fc6/bias']);
  });
});
