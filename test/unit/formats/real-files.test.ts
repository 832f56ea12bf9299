import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import type { Model } from '../../../src/core/model.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { largestDifference, noise, runModel } from './run.ts';

interface Row {
  readonly file: string;
  readonly format: string;
  readonly input: string;
  readonly outputs: readonly string[];
  readonly layers: number;
  readonly parameters: number;
  /** Some layers: name, kind, shape without the batch. */
  readonly some: readonly (readonly [name: string, kind: string, shape: string])[];
}

const LENET = 'lenet-mnist-tensorspace';

const ROWS: readonly Row[] = [
  {
    file: 'squeezenet10-deepcomp/squeezenet10.onnx',
    format: 'onnx',
    input: 'data -1,3,227,227 NCHW',
    outputs: ['prob'],
    layers: 67,
    parameters: 1_248_424,
    some: [
      ['data', 'Input', '3,227,227'],
      ['conv1', 'Conv', '96,111,111'],
      ['pool1', 'MaxPool', '96,55,55'],
      ['fire2/concat', 'Concat', '128,55,55'],
      ['conv_final', 'Conv', '1000,15,15'],
      ['pool_final', 'GlobalAveragePool', '1000,1,1'],
      ['softmax', 'Softmax', '1000'],
    ],
  },
  {
    file: 'squeezenet10-deepcomp/squeezenet10.h5',
    format: 'keras',
    input: 'data -1,3,227,227 NHWC',
    outputs: ['prob/Softmax'],
    layers: 68,
    parameters: 1_248_424,
    some: [
      ['data', 'InputLayer', '3,227,227'],
      ['conv1', 'Conv2D', '96,111,111'],
      ['fire2_concat', 'Concatenate', '128,55,55'],
      ['drop9', 'Dropout', '512,13,13'],
      ['pool_final', 'GlobalAveragePooling2D', '1000,1,1'],
      ['prob', 'Activation', '1000'],
    ],
  },
  {
    file: 'squeezenet10-deepcomp/squeezenet10.caffemodel',
    format: 'caffe',
    input: 'data -1,3,227,227 NCHW',
    outputs: ['pool_final'],
    layers: 66,
    parameters: 1_248_424,
    some: [
      ['data', 'Input', '3,227,227'],
      ['conv1', 'Convolution', '96,111,111'],
      ['relu_conv1', 'ReLU', '96,111,111'],
      ['pool1', 'Pooling', '96,55,55'],
      ['fire2/concat', 'Concat', '128,55,55'],
      ['drop9', 'Dropout', '512,13,13'],
      ['pool_final', 'Pooling', '1000,1,1'],
    ],
  },
  {
    file: 'squeezenet10-deepcomp/tfjs-layers/model.json',
    format: 'tfjs',
    input: 'data -1,3,227,227 NHWC',
    outputs: ['prob/Softmax'],
    layers: 68,
    parameters: 1_248_424,
    some: [['fire9_concat', 'Concatenate', '512,13,13']],
  },
  {
    file: `${LENET}/keras/rawModel/combined/mnist.h5`,
    format: 'keras',
    input: 'input_1 -1,1,28,28 NHWC',
    outputs: ['Softmax/Softmax'],
    layers: 10,
    parameters: 44_426,
    some: [
      ['reshape_1', 'Reshape', '1,28,28'],
      ['Conv2D_1', 'Conv2D', '6,24,24'],
      ['flatten_1', 'Flatten', '256'],
      ['Dense_1', 'Dense', '120'],
    ],
  },
  {
    file: `${LENET}/tensorflow/rawModel/keras/tf_keras_model.h5`,
    format: 'keras',
    input: 'reshape_input -1,1,28,28 NHWC',
    outputs: ['softmax/Softmax'],
    layers: 10,
    parameters: 44_426,
    some: [['maxpool_2', 'MaxPooling2D', '16,4,4']],
  },
  {
    file: `${LENET}/examples/helloworld/rawModel/tf_keras_model.h5`,
    format: 'keras',
    input: 'reshape_1_input -1,1,28,28 NHWC',
    outputs: ['softmax/Softmax'],
    layers: 11,
    parameters: 61_706,
    some: [['padding_1', 'ZeroPadding2D', '1,32,32']],
  },
  {
    file: `${LENET}/keras/convertedModel/model.json`,
    format: 'tfjs',
    input: 'input_1 -1,1,28,28 NHWC',
    outputs: [
      'Conv2D_1',
      'MaxPooling2D_1',
      'Conv2D_2',
      'MaxPooling2D_2',
      'Dense_1/Relu',
      'Dense_2/Relu',
      'Softmax/Softmax',
    ],
    layers: 10,
    parameters: 44_426,
    some: [['Conv2D_2', 'Conv2D', '16,8,8']],
  },
  {
    file: `${LENET}/tensorflow/convertedModel/layerModel/model.json`,
    format: 'tfjs',
    input: 'reshape_input -1,1,28,28 NHWC',
    outputs: ['conv_1', 'maxpool_1', 'conv_2', 'maxpool_2', 'dense_1/Relu', 'dense_2/Relu', 'softmax/Softmax'],
    layers: 10,
    parameters: 44_426,
    some: [['conv_1', 'Conv2D', '6,24,24']],
  },
  {
    file: 'tinyvgg-tfjs/model.json',
    format: 'tfjs',
    input: 'conv_1_1_input -1,3,64,64 NHWC',
    outputs: ['output/Softmax'],
    layers: 13,
    parameters: 19_920,
    some: [
      ['conv_1_1', 'Conv2D', '10,62,62'],
      ['max_pool_2', 'MaxPooling2D', '10,13,13'],
      ['output', 'Dense', '10'],
    ],
  },
  {
    file: 'mnist-onnx-wonnx/opt-mnist.onnx',
    format: 'onnx',
    input: 'Input3 -1,1,28,28 NCHW',
    outputs: ['Plus214_Output_0'],
    layers: 9,
    parameters: 5_994,
    some: [
      ['Convolution28', 'Conv', '8,28,28'],
      ['Times212_reshape0', 'Reshape', '256'],
      ['Plus214_Output_0', 'Gemm', '10'],
    ],
  },
  {
    file: 'efficientnet-lite0/efficientnet-lite0.onnx',
    format: 'onnx',
    input: 'images -1,3,224,224 NCHW',
    outputs: ['logits'],
    layers: 95,
    parameters: 4_631_000,
    some: [
      ['stem/conv', 'Conv', '32,112,112'],
      ['block01/depthwise/relu6', 'Clip', '96,56,56'],
      ['head/fc', 'Gemm', '1000'],
    ],
  },
  {
    file: 'efficientnet-lite0/efficientnet-lite0.h5',
    format: 'keras',
    input: 'images -1,3,224,224 NHWC',
    outputs: ['head_fc'],
    layers: 143,
    parameters: 4_694_024,
    some: [
      ['stem_relu6', 'ReLU', '32,112,112'],
      ['block02_add', 'Add', '24,56,56'],
    ],
  },
  {
    file: 'efficientnet-lite0/efficientnet-lite0.keras',
    format: 'keras',
    input: 'images -1,3,224,224 NHWC',
    outputs: ['head_fc'],
    layers: 143,
    parameters: 4_694_024,
    some: [['block15_depthwise_conv', 'DepthwiseConv2D', '1152,7,7']],
  },
  {
    file: 'mobilenet-v1-1.0-tfjs-partial/model.truncated.json',
    format: 'tfjs',
    input: 'input_1 -1,3,224,224 NHWC',
    outputs: ['conv_pw_12_relu/Clip'],
    layers: 76,
    parameters: 2_162_880,
    some: [['conv_dw_1', 'DepthwiseConv2D', '32,112,112']],
  },
];

const parameters = ({ layers, graph }: Model): number =>
  [...new Set(layers.flatMap(({ weights }) => weights))].reduce(
    (n, name) => n + graph.constants.get(name)!.data.length,
    0,
  );

/** Names as all formats can write them. */
const common = (name: string) => name.replaceAll('/', '_');

describe.skipIf(!hasShared)(`real files${needsShared}`, () => {
  it.each(ROWS)('$file', async (row) => {
    const model = await openModel(sharedModel(row.file));
    const shapes = inferShapes(model.graph);
    expect(model.format).toBe(row.format);
    expect(model.inputs.map(({ name, shape, layout }) => `${name} ${shape} ${layout}`)).toEqual([row.input]);
    expect(model.graph.outputs).toEqual(row.outputs);
    expect(model.layers).toHaveLength(row.layers);
    expect(parameters(model)).toBe(row.parameters);
    expect(model.unknown).toEqual([]);
    expect(model.warnings).toEqual([]);
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const [name, kind, shape] of row.some) {
      const layer = model.layers.find((candidate) => candidate.name === name);
      expect([layer?.kind, String(shapes.get(layer?.output ?? '')?.slice(1))], name).toEqual([kind, shape]);
    }
    for (const layer of model.layers)
      for (const tensor of [layer.output, layer.before, layer.after]) expect(shapes.has(tensor), layer.name).toBe(true);
  });

  it('gives the same logits for SqueezeNet in its three formats, and the same layers', async () => {
    const [onnx, keras, tfjs] = await Promise.all(
      ['squeezenet10.onnx', 'squeezenet10.h5', 'tfjs-layers/model.json'].map((file) =>
        openModel(sharedModel('squeezenet10-deepcomp', file)),
      ),
    );
    const shapesOf = (model: Model) => {
      const shapes = inferShapes(model.graph);
      return new Map(model.layers.map(({ name, output }) => [common(name), String(shapes.get(output))]));
    };
    const [reference, ...others] = [onnx, keras, tfjs].map((model) => shapesOf(model!));
    for (const other of others) {
      const shared = [...reference!.keys()].filter((name) => other.has(name));
      expect(shared).toHaveLength(65);
      for (const name of shared) expect(other.get(name), name).toBe(reference!.get(name));
    }

    const logits = (model: Model) => {
      const softmax = model.graph.nodes.find(({ op }) => op === 'Softmax')!;
      return { ...model, graph: { ...model.graph, outputs: [softmax.inputs[0]!] } };
    };
    const image = noise([2, 3, 227, 227]);
    for (let i = 0; i < image.data.length; i++) image.data[i]! *= 100;
    const [expected, ...given] = await Promise.all(
      [onnx, keras, tfjs].map(async (model) => (await runModel(logits(model!), image))[0]!),
    );
    expect(Math.max(...(expected!.data as Float32Array))).toBeGreaterThan(1);
    for (const { data } of given)
      expect(largestDifference(data as Float32Array, expected!.data as Float32Array)).toBeLessThan(1e-4);
  });

  it('gives the same logits for EfficientNet-Lite0 as ONNX and as Keras, whose batch norm is not folded', async () => {
    const [expected, ...others] = await Promise.all(
      ['onnx', 'h5', 'keras'].map(async (ending) => {
        const model = await openModel(sharedModel(`efficientnet-lite0/efficientnet-lite0.${ending}`));
        return (await runModel(model, noise([1, 3, 224, 224])))[0]!.data as Float32Array;
      }),
    );
    for (const logits of others) expect(largestDifference(logits, expected!)).toBeLessThan(1e-4);
  });

  it.each([
    [
      'mobilenet-v1-1.0-tfjs-partial/model.json',
      "it needs 'group37-shard1of1': there is no such file; check the path, or copy it there",
    ],
  ])('%s says what it lacks', async (file, message) => {
    const path = sharedModel(file);
    await expect(openModel(path)).rejects.toThrow(`${path}: ${message}`);
  });
});
