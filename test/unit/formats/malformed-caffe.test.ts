import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { caffeModel, caffeModelV1, nested, someWeights, type StoredLayer } from './caffe-files.ts';
import { conv, fc, input, layer, pool } from './caffe-nets.ts';
import { failure, write } from './files.ts';

const INPUT = input(1, 2, 6, 6);
const CONV = conv('conv', 'data', { num_output: 3, kernel_size: 3 });
const NOTHING = new Uint8Array();
const weights = () => caffeModel(someWeights(INPUT + CONV));
const stored = (shape: readonly number[], count: number): StoredLayer => ({
  name: 'conv',
  type: 'Convolution',
  blobs: [{ shape, values: new Float32Array(count) }],
});

describe('malformed .caffemodel files', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['empty', () => new Uint8Array(), 'the file is empty; a model was expected: copy it again'],
    [
      'truncated',
      () => weights().subarray(0, 100),
      'not a whole file of Caffe: no whole field of a protocol buffer at byte 0; copy or download it again',
    ],
    [
      'a page in its place',
      () => new TextEncoder().encode('<!DOCTYPE html>'),
      'a web page, not a model; download the model again',
    ],
    ['of no network', () => new Uint8Array([10, 1, 65]), "no layers: no network ('layer { … }' was expected)"],
    [
      'with a layer without a type',
      () => caffeModel([{ name: 'odd', type: '', blobs: [] }]),
      "layer 'odd' has no type",
    ],
    [
      'with a blob that is too short',
      () => caffeModel([stored([3, 2, 3, 3], 50)]),
      "blob 0 of layer 'conv' declares [3, 2, 3, 3], but has 200 bytes of values of 4 bytes; copy the file again",
    ],
    [
      'with a shape below zero',
      () => caffeModel([stored([-3, -2], 6)]),
      "blob 0 of layer 'conv' declares [-3, -2], but has 24 bytes of values of 4 bytes; copy the file again",
    ],
    [
      'with values in pieces',
      () =>
        caffeModel([
          {
            name: 'conv',
            type: 'Convolution',
            blobs: [],
            more: (writer) => nested(writer, 7, (blob) => blob.uint32(42).bytes(NOTHING).uint32(42).bytes(NOTHING)),
          },
        ]),
      "the values of blob 0 of layer 'conv' stand in 2 pieces; save it again with Caffe",
    ],
    [
      'with numbers where a name should be',
      () => caffeModel([{ name: 'a', type: 'b', blobs: [], more: (writer) => writer.uint32(24).uint32(1) }]),
      "field 'bottom' at byte 9 does not hold what Caffe writes there; copy the file again",
    ],
    [
      'of two Caffes',
      () => Buffer.concat([weights(), caffeModelV1([stored([1], 1)])]),
      "both 'layer' and 'layers'; only one of the two is allowed",
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await failure(write('model.caffemodel', bytes()))).toBe(message);
  });
});

describe('malformed .prototxt files', () => {
  it.each<[string, string, string]>([
    ['no text of this kind', 'layer {\n  name: "a" = 3\n}', "line 2: '= 3' is no text of a .prototxt"],
    ['an open message', 'layer {\n  name: "a"\n', "line 3: the file ends, but '}' was expected"],
    ['an open text', 'layer {\n  name: "a\n}', "line 2: '\"a' is no text of a .prototxt"],
    ['a value of another type', 'layer { name: 3 }', "line 1: '3', but name: a text in quotes was expected"],
    ['a broken number', '\ninput_dim: 2.5', "line 2: '2.5', but input_dim: a whole number was expected"],
    [
      'a number where true or false should be',
      'layer {\nconvolution_param { bias_term: 2 } }',
      "line 2: '2', but bias_term: true or false was expected",
    ],
    ['a value where a message should be', 'layer: 3', "line 1: '3', but layer: '{' was expected"],
    ['no colon', 'input "data"', "line 1: 'data', but ':' or '{' after 'input' was expected"],
    ['a closing brace too many', '# a net\n}', "line 2: '}', but a field's name was expected"],
    ['an open list', 'input_dim: [1, 2', "line 1: the file ends, but ',' or ']' was expected"],
    ['nested too deep', 'layer { a '.replace('a ', 'a { '.repeat(40)), 'line 1: messages nested deeper than 32'],
    ['no layers', 'net: "train.prototxt"\nbase_lr: 0.1', "no layers: no network ('layer { … }' was expected)"],
    [
      'old and new layers',
      `${CONV} layers { type: RELU }`,
      "both 'layer' and 'layers'; only one of the two is allowed",
    ],
    [
      'two forms of old layers',
      'layers { layer { type: "relu" } } layers { type: RELU }',
      "some of its 'layers' have a 'layer' inside and some have none; save it again with one Caffe",
    ],
    [
      'too few input_dim',
      `input: "data" input_dim: 1 input_dim: 3 ${CONV}`,
      '1 input(s) with 2 input_dim; four for each were expected',
    ],
    [
      'too few input_shape',
      `input: "a" input: "data" input_shape { dim: 1 } ${CONV}`,
      '2 input(s) with 1 input_shape; one for each was expected',
    ],
    [
      'an input without a size',
      `input: "data" ${CONV}`,
      "it does not say how large its input 'data' is; open the deploy .prototxt of the network",
    ],
    [
      'an input of size zero',
      input(1, 0, 6, 6) + CONV,
      "input 'data' has the shape [1, 0, 6, 6]; a batch and sizes of one or more were expected",
    ],
    [
      'a bottom that nothing makes',
      INPUT + conv('conv', 'date', { num_output: 3, kernel_size: 3 }),
      "layer 'conv' (Convolution) takes 'date', which no layer before it makes",
    ],
    ['no kernel', INPUT + conv('conv', 'data', { num_output: 3 }), "layer 'conv' (Convolution) has no kernel_size"],
    [
      'two kernels',
      INPUT + conv('conv', 'data', { num_output: 3, kernel_size: 3, kernel_h: 3 }),
      "layer 'conv' (Convolution) has kernel_size and kernel_h, kernel_w; only one of the two is allowed",
    ],
    [
      'a stride of zero',
      INPUT + conv('conv', 'data', { num_output: 3, kernel_size: 3, stride: 0 }),
      "layer 'conv' (Convolution) has stride 0, 0; two whole numbers from 1 on were expected",
    ],
    ['no outputs', INPUT + conv('conv', 'data', { kernel_size: 3 }), "layer 'conv' (Convolution) has num_output 0"],
    [
      'groups that do not fit',
      INPUT + conv('conv', 'data', { num_output: 3, kernel_size: 3, group: 2 }),
      "layer 'conv' (Convolution) has group 2 for 2 channels and 3 outputs",
    ],
    [
      'a kernel larger than the image',
      INPUT + conv('conv', 'data', { num_output: 3, kernel_size: 9 }),
      "Conv 'conv' with inputs N×2×6×6, 3×2×9×9, 3: a window of 9 is larger than the padded input, 6",
    ],
    [
      'a pooling window that is all padding',
      INPUT + pool('pool', 'data', { kernel_size: 2, pad: 2 }),
      "layer 'pool' (Pooling) has padding 2×2 for a window of 2×2; less was expected",
    ],
    [
      'shapes that do not join',
      INPUT + pool('pool', 'data', { kernel_size: 3 }) + layer('Concat', 'cat', ['data', 'pool']),
      "Concat 'cat' with inputs N×2×6×6, N×2×4×4: shapes that differ beside the joined axis",
    ],
    [
      'a cut that does not fit',
      INPUT + layer('Slice', 'cut', 'data', 'slice_param', { slice_point: [1, 2] }, ['a', 'b']),
      "layer 'cut' (Slice) has 2 slice_point for 2 tops of 2 values",
    ],
    [
      'an even LRN',
      INPUT + layer('LRN', 'n', 'data', 'lrn_param', { local_size: 4 }),
      "layer 'n' (LRN) has local_size 4; an odd one was expected",
    ],
    [
      'more channels than there can be',
      INPUT + conv('conv', 'data', { num_output: 4_000_000_000, kernel_size: 1 }) + layer('BatchNorm', 'bn', 'conv'),
      "weight of layer 'conv' declares [4000000000, 2, 1, 1], 8000000000 values, more than the file can hold; it is damaged",
    ],
    [
      'a layer with no bottom',
      INPUT + CONV + 'layer { name: "a" type: "ReLU" top: "b" }',
      "layer 'a' (ReLU) has no bottom; one was expected",
    ],
    [
      'more tops than there are',
      INPUT + layer('ReLU', 'a', 'data', '', {}, ['b', 'c']),
      "layer 'a' (ReLU) has 2 tops; 1 expected",
    ],
  ])('%s', async (_, text, message) => {
    expect(await failure(write('net.prototxt', text))).toBe(message);
  });
});

describe('weights of another network', () => {
  const open = (net: string) => failure(write('model.caffemodel', weights(), { 'model.prototxt': net }));

  it('of another size', async () => {
    expect(await open(INPUT + conv('conv', 'data', { num_output: 4, kernel_size: 3 }))).toBe(
      "layer 'conv' (Convolution) has a weight of [3, 2, 3, 3] in the file, but [4, 2, 3, 3] was expected: is the .prototxt of this network?",
    );
  });

  it('without a layer', async () => {
    const path = write('model.caffemodel', weights(), { 'model.prototxt': INPUT + CONV + fc('fc', 'conv', 2) });
    expect((await openModel(path)).warnings).toEqual([
      "'model.prototxt' is not used: there are no weights for its layer 'fc'.",
      "Its net has no input; put the network's deploy .prototxt beside it",
    ]);
  });

  it('of a layer without all of its values', async () => {
    const [layer] = someWeights(INPUT + CONV);
    const half = caffeModel([{ ...layer!, blobs: layer!.blobs.slice(0, 1) }]);
    expect(await failure(write('model.caffemodel', half, { 'model.prototxt': INPUT + CONV }))).toBe(
      "layer 'conv' (Convolution) has no bias in the file; is the .prototxt of this network?",
    );
  });
});
