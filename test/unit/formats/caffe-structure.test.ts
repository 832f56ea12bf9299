import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import type { Model } from '../../../src/core/model.ts';
import { caffeModel, caffeModelV0, caffeModelV1, nested, someWeights, type StoredLayer } from './caffe-files.ts';
import { conv, fc, input, layer, pool, relu } from './caffe-nets.ts';
import { write } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const INPUT = input(1, 2, 6, 6);
const CONV = conv('conv', 'data', { num_output: 3, kernel_size: 3, pad: 1 });
const NET = INPUT + CONV + relu('conv') + fc('fc', 'conv', 4) + layer('Softmax', 'prob', 'fc');

const open = (net: string, beside: Record<string, Uint8Array | string> = {}, weights = caffeModel(someWeights(NET))) =>
  openModel(write('model.caffemodel', weights, { 'model.prototxt': net, ...beside }));

const names = ({ layers }: Model) => layers.map(({ name }) => name);

async function outputOf(model: Model): Promise<Float32Array> {
  const [, ...sizes] = model.inputs[0]!.shape;
  return (await runModel(model, noise([2, ...sizes])))[0]!.data as Float32Array;
}

describe('forms of a Caffe file', () => {
  const V1 = `
    input: 'data' input_dim: 10 input_dim: 2 input_dim: 6 input_dim: 6  # as in 2014
    layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 blobs_lr: 2
             convolution_param { num_output: 3 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
    layers { name: "relu_conv" type: RELU bottom: "conv" top: "conv" }
    layers { name: "fc" type: INNER_PRODUCT bottom: "conv" top: "fc" inner_product_param < num_output: 4 > }
    layers { name: "prob" type: SOFTMAX bottom: "fc" top: "prob" }`;
  const V0 = `
    input: "data" input_dim: 1 input_dim: 2 input_dim: 6 input_dim: 6
    layers { layer { name: "pad" type: "padding" pad: 1 } bottom: "data" top: "pad" }
    layers { layer { name: "conv" type: "conv" num_output: 3 kernelsize: 3 biasterm: true } bottom: "pad" top: "conv" }
    layers { layer { name: "relu_conv" type: "relu" } bottom: "conv" top: "conv" }
    layers { layer { name: "fc" type: "innerproduct" num_output: 4 } bottom: "conv" top: "fc" }
    layers { layer { name: "prob" type: "softmax" } bottom: "fc" top: "prob" }`;
  const old = (layers: readonly StoredLayer[]) =>
    layers.map((one) => ({ ...one, type: one.type === 'Convolution' ? 'conv' : 'innerproduct' }));

  it.each<[string, string, Uint8Array]>([
    ['2014', V1, caffeModelV1(someWeights(NET))],
    ['2013, paddings as layers', V0, caffeModelV0(old(someWeights(NET)))],
    ['blobs with four sizes', NET, caffeModel(someWeights(NET), 'four sizes')],
    ['double precision', NET, caffeModel(someWeights(NET), 'double')],
    ['old text with new weights', V1, caffeModel(someWeights(NET))],
  ])('%s: the same network', async (_, net, weights) => {
    const [expected, given] = [await open(NET), await open(net, {}, weights)];
    expect(names(given)).toEqual(['data', 'conv', 'relu_conv', 'fc', 'prob']);
    expect(given.layers.map(({ kind }) => kind)).toEqual(['Input', 'Convolution', 'ReLU', 'InnerProduct', 'Softmax']);
    expect([given.warnings, given.inputs]).toEqual([[], expected.inputs]);
    expect(largestDifference(await outputOf(given), await outputOf(expected))).toBeLessThan(1e-6);
  });

  it('half precision of NVIDIA', async () => {
    const half: StoredLayer['more'] = (writer) => {
      nested(writer, 7, (shape) => nested(shape, 1, (dims) => dims.int64(1).int64(2).int64(1).int64(1)));
      writer
        .uint32(80)
        .uint32(2)
        .uint32(98)
        .bytes(new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer));
    };
    const net = INPUT + conv('conv', 'data', { num_output: 1, kernel_size: 1, bias_term: false });
    const stored = { name: 'conv', type: 'Convolution', blobs: [] };
    const model = await open(net, {}, caffeModel([{ ...stored, more: (writer) => nested(writer, 7, half) }]));
    expect(Array.from(model.graph.constants.get('conv/weight')!.data as Float32Array)).toEqual([1, -2]);
  });
});

/** What a trained net begins with: pictures from a database, labels. */
const DATA = `
  layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN }
          transform_param { mirror: true crop_size: 6 scale: 0.5 mean_value: 10 } data_param { source: "x" backend: LMDB } }
  layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST }
          transform_param { crop_size: 6 scale: 0.25 mean_value: 8 mean_value: 4 } }`;
const LOSS = `
  layer { name: "accuracy" type: "Accuracy" bottom: "fc" bottom: "label" top: "accuracy" exclude { phase: TRAIN } }
  layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }`;
const GREY = conv('conv', 'data', { num_output: 3, kernel_size: 3, pad: 1 });

describe('the net that was trained', () => {
  const trained = DATA + GREY + relu('conv') + fc('fc', 'conv', 4) + LOSS;
  const small = (channels: number) => input(1, channels, 6, 6) + GREY + relu('conv') + fc('fc', 'conv', 4);

  it('becomes one that runs: an input in place of data, the softmax of its loss', async () => {
    const model = await open(trained, {}, caffeModel(someWeights(small(2))));
    expect(names(model)).toEqual(['data', 'conv', 'relu_conv', 'fc', 'loss']);
    expect(model.layers.at(-1)!.kind).toBe('Softmax');
    expect(model.inputs).toEqual([{ name: 'data', shape: [-1, 2, 6, 6], layout: 'NCHW' }]);
    expect(model.graph.outputs).toEqual(['loss']);
    expect(model.graph.nodes.at(-1)!.op).toBe('Softmax');
  });

  it('says how pictures are prepared, as the test does it', async () => {
    const grey = await open(trained, {}, caffeModel(someWeights(small(1))));
    expect(grey.preprocessing).toEqual({ channels: 'grey', scale: 0.25, mean: [2], std: [1], resize: 'crop' });
    const colour = await open(trained, {}, caffeModel(someWeights(small(3))));
    expect(colour.preprocessing).toEqual({
      channels: 'BGR',
      scale: 0.25,
      mean: [2, 1, 2],
      std: [1, 1, 1],
      resize: 'crop',
    });
  });

  it('puts the classifier that counts most before the others', async () => {
    const net =
      DATA +
      GREY +
      fc('side', 'conv', 4) +
      fc('fc', 'conv', 4) +
      'layer { name: "loss1" type: "SoftmaxWithLoss" bottom: "side" bottom: "label" top: "loss1" loss_weight: 0.3 }' +
      'layer { name: "loss3" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss3" loss_weight: 1 }';
    const weights = someWeights(input(1, 1, 6, 6) + GREY + fc('side', 'conv', 4) + fc('fc', 'conv', 4));
    expect((await open(net, {}, caffeModel(weights))).graph.outputs).toEqual(['loss3', 'loss1']);
  });

  it('is read from the weights where no .prototxt fits: with splits, the data of training, no losses', async () => {
    const [stored] = someWeights(input(1, 2, 6, 6) + GREY);
    const layers: StoredLayer[] = [
      {
        name: 'data',
        type: 'Data',
        blobs: [],
        tops: ['data', 'label'],
        more: (writer) => {
          nested(writer, 8, (rule) => rule.uint32(8).uint32(0));
          nested(writer, 100, (transform) => transform.uint32(24).uint32(6));
        },
      },
      { name: 'label_split', type: 'Split', blobs: [], bottoms: ['label'], tops: ['label_0', 'label_1'] },
      { name: 'data_split', type: 'Split', blobs: [], bottoms: ['data'], tops: ['data_0', 'data_1'] },
      {
        ...stored!,
        bottoms: ['data_0'],
        tops: ['conv'],
        more: (writer) =>
          nested(writer, 106, (param) => param.uint32(8).uint32(3).uint32(24).uint32(1).uint32(32).uint32(3)),
      },
      { name: 'relu', type: 'ReLU', blobs: [], bottoms: ['conv'], tops: ['conv'] },
      { name: 'cat', type: 'Concat', blobs: [], bottoms: ['conv', 'data_1'], tops: ['cat'] },
      { name: 'loss', type: 'SoftmaxWithLoss', blobs: [], bottoms: ['cat', 'label_0'], tops: ['loss'] },
    ];
    const model = await openModel(write('trained.caffemodel', caffeModel(layers)));
    expect(names(model)).toEqual(['data', 'conv', 'relu', 'cat', 'loss']);
    expect(model.inputs).toEqual([{ name: 'data', shape: [-1, 2, 6, 6], layout: 'NCHW' }]);
    expect(model.graph.nodes.find(({ name }) => name === 'cat')!.inputs).toEqual(['relu', 'data']);
  });

  it('takes the mean of a mean picture beside it, and says where there is none', async () => {
    const net = DATA.replaceAll(/mean_value: \d+ ?/g, 'mean_file: "a/b/mean.binaryproto" ') + GREY;
    const weights = caffeModel(someWeights(input(1, 3, 6, 6) + GREY));
    const mean = caffeMean([3, 2, 2], [1, 2, 3, 4, 8, 8, 8, 8, 0, 0, 0, 4]);
    const model = await open(net, { 'mean.binaryproto': mean }, weights);
    expect([model.preprocessing?.mean, model.warnings]).toEqual([[2.5 / 4, 2, 0.25], []]);
    const without = await open(net, {}, weights);
    expect(without.preprocessing?.mean).toEqual([26, 29.25, 30.75]);
    expect(without.warnings).toEqual(["Its mean picture 'mean.binaryproto' is not beside it; 104, 117, 123 is taken."]);
  });
});

/** A `.binaryproto`: the blob alone. */
function caffeMean(shape: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = caffeModel([{ name: '', type: '', blobs: [{ shape, values }] }], 'four sizes');
  // The blob is the end of the only layer, behind a tag, its length in one byte, and two empty texts.
  return bytes.slice(bytes.indexOf(58) + 2);
}

describe('files of Caffe that belong together', () => {
  const weights = caffeModel(someWeights(NET));
  const other = INPUT + conv('another', 'data', { num_output: 3, kernel_size: 3 });
  const beside = (files: Record<string, string>) => openModel(write('model.caffemodel', weights, files));
  const relus = ({ layers }: Model) => layers.filter(({ kind }) => kind === 'ReLU').map(({ name }) => name);
  const marked = (mark: string) => NET.replace('relu_conv', mark);

  it.each<[string, Record<string, string>, string, string[]]>([
    ['the same name', { 'model.prototxt': marked('a'), 'deploy.prototxt': marked('b') }, 'a', []],
    ['deploy.prototxt', { 'deploy.prototxt': marked('a'), 'alexnet.prototxt': other }, 'a', []],
    [
      'a name with deploy before others',
      { 'net_deploy.prototxt': marked('a'), 'a.prototxt': marked('b') },
      'a',
      ["2 .prototxt files fit; 'net_deploy.prototxt' is taken."],
    ],
    ['the only one that fits', { 'deploy.prototxt': other, 'net.prototxt': marked('a') }, 'a', []],
    [
      'one for use before one that trains',
      { 'a.prototxt': DATA + marked('b').slice(INPUT.length), 'z.prototxt': marked('a') },
      'a',
      [],
    ],
    ['not the solver', { 'solver.prototxt': 'net: "a" base_lr: 0.1', 'net.prototxt': marked('a') }, 'a', []],
    [
      'not one that is damaged',
      { 'deploy.prototxt': 'layer {\n  name: }', 'net.prototxt': marked('a') },
      'a',
      ["'deploy.prototxt' is not used: line 2: '}', but name: a text in quotes was expected."],
    ],
  ])('%s', async (_, files, taken, warnings) => {
    const model = await beside(files);
    expect([relus(model), model.warnings]).toEqual([[taken], warnings]);
  });

  it('one folder below, not further, not out of it, and none that is hidden', async () => {
    const path = write('model.caffemodel', weights);
    const at = (...parts: string[]) => join(dirname(path), ...parts);
    for (const folder of ['a', 'a/b', '.c']) mkdirSync(at(folder));
    writeFileSync(at('a', 'b', 'deploy.prototxt'), marked('deep'));
    writeFileSync(at('.c', 'deploy.prototxt'), marked('hidden'));
    writeFileSync(at('.deploy.prototxt'), marked('hidden'));
    symlinkSync(write('deploy.prototxt', marked('outside')), at('deploy.prototxt'));
    expect((await openModel(path)).missing).toBeDefined();
    writeFileSync(at('a', 'net.prototxt'), marked('below'));
    expect(relus(await openModel(path))).toEqual(['below']);
  });

  it('a .prototxt finds its weights', async () => {
    const model = await openModel(
      write('net.prototxt', NET, { 'other.caffemodel': caffeModel(someWeights(other)), 'model.caffemodel': weights }),
    );
    expect([model.missing, model.warnings]).toEqual([undefined, []]);
    expect(largestDifference(await outputOf(model), await outputOf(await open(NET)))).toBe(0);
  });

  it('says which of several weights it takes; the others are no part of the model', async () => {
    const others = [weights, caffeModel(someWeights(NET, 2))];
    const both = (second: Uint8Array) =>
      openModel(write('net.prototxt', NET, { 'a.caffemodel': weights, 'b.caffemodel': second }));
    const models = await Promise.all(others.map(both));
    expect(models[0]!.warnings).toEqual(["2 .caffemodel files fit; 'a.caffemodel' is taken."]);
    expect(models[1]!.sha256).toBe(models[0]!.sha256);
    const alone = await openModel(write('net.prototxt', NET));
    expect(alone.sha256).not.toBe(models[0]!.sha256);
  });

  it('weights without a net are shown as filters', async () => {
    const model = await beside({});
    expect(model.missing).toBe("its net has no input; put the network's deploy .prototxt beside it");
    expect(model.warnings).toEqual(["Its net has no input; put the network's deploy .prototxt beside it"]);
    expect(model.layers.map(({ name, kind, weights }) => [name, kind, ...weights])).toEqual([
      ['conv', 'Convolution', 'conv/weight', 'conv/bias'],
      ['fc', 'InnerProduct', 'fc/weight', 'fc/bias'],
    ]);
  });

  const data = 'layer { name: "mnist" type: "Data" top: "data" top: "label" }';
  const open28 = (layers: string, given = layers) =>
    open(data + layers, {}, caffeModel(someWeights(input(1, 1, 28, 28) + given)));

  it('a data layer that does not say its size gets that which the fully connected layers fit', async () => {
    const model = await open28(GREY + pool('pool', 'conv', { kernel_size: 2, stride: 2 }) + fc('fc', 'pool', 4));
    expect(model.inputs[0]!.shape).toEqual([-1, 1, 28, 28]);
    expect(model.warnings).toEqual([
      "The size of input 'data' is not in the file; 28×28 is taken, which its fully connected layers fit.",
    ]);
    const free = await open28(GREY);
    expect(free.inputs[0]!.shape).toEqual([-1, 1, 224, 224]);
    expect(free.warnings).toEqual(["The size of input 'data' is not in the file; 224×224 is taken, as it takes any."]);
  });

  it('where none fits, the filters are shown', async () => {
    const model = await open28(
      GREY + fc('fc', 'conv', 4),
      CONV + pool('p', 'conv', { kernel_size: 3 }) + fc('fc', 'p', 4),
    );
    expect(model.missing).toBe(
      "its net does not say how large its input 'data' is; put the network's deploy .prototxt beside it",
    );
  });
});

describe('parts of a net that are not known', () => {
  it('are named, and what lies before them runs', async () => {
    const net =
      NET +
      layer('PriorBox', 'boxes', ['conv', 'data']) +
      pool('odd', 'conv', { pool: 'STOCHASTIC', kernel_size: 2 }) +
      layer('Flatten', 'flat', 'boxes') +
      layer('Relu', 'not_caffe', 'conv');
    const model = await open(net);
    expect(model.unknown).toEqual([
      { op: 'PriorBox', node: 'boxes' },
      { op: 'Pooling STOCHASTIC', node: 'odd' },
      { op: 'caffe.Relu', node: 'not_caffe' },
    ]);
    expect(names(model)).toContain('flat');
    expect(model.graph.outputs).toEqual(['prob', 'odd', 'flat', 'not_caffe']);
    const known = { ...model, graph: { ...model.graph, outputs: ['prob'] } };
    expect(await outputOf(known)).toHaveLength(8);
  });

  it('keep their weights', async () => {
    const weights = [...someWeights(NET), { name: 'odd', type: 'BN', blobs: [{ shape: [3], values: [1, 2, 3] }] }];
    const model = await open(NET + layer('BN', 'odd', 'conv'), {}, caffeModel(weights));
    expect(model.layers.at(-1)).toMatchObject({ name: 'odd', kind: 'BN', weights: ['odd/blob0'] });
  });

  it('names that are there twice, or missing, become unique', async () => {
    const net =
      NET + 'layer { name: "fc" type: "TanH" bottom: "fc" top: "a" } layer { type: "TanH" bottom: "fc" top: "b" }';
    expect(names(await open(net)).slice(-2)).toEqual(['fc:1', 'b']);
  });
});
