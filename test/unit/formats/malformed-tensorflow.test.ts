import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NodeDef } from '../../../src/core/formats/tensorflow/proto.ts';
import { unsnap } from '../../../src/core/formats/tensorflow/snappy.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { survives } from './damage.ts';
import { failure, write } from './files.ts';
import {
  constant,
  graphBytes,
  ints,
  NETWORK,
  node,
  placeholder,
  savedModelBytes,
  weights,
  writeGraph,
} from './tensorflow-files.ts';

const SAVED = join(import.meta.dirname, '../../fixtures/tensorflow/saved');
const read = (name: string) => new Uint8Array(readFileSync(join(SAVED, name)));
const INDEX = 'variables/variables.index';
const DATA = 'variables/variables.data-00000-of-00001';
const saved = { [INDEX]: read(INDEX), [DATA]: read(DATA) };
const model = read('saved_model.pb');

const X = placeholder('x', [-1, 6, 6, 2]);
const W = weights('w', 3, 3, 2, 4);
const shape = (...sizes: readonly number[]) => ({ dim: sizes.map((size) => ({ size })) });
const conv = (attributes: Parameters<typeof node>[3]) =>
  node('Conv2D', 'conv', ['x', 'w'], { strides: [1, 1, 1, 1], padding: 'SAME', ...attributes });

describe('a frozen graph that is wrong', () => {
  it.each<readonly [string, readonly NodeDef[], string]>([
    ['empty of nodes', [], 'no graph in it: a frozen graph of TensorFlow was expected; freeze it again'],
    ['no input', [W], 'no Placeholder for images in its graph; freeze the graph with its input'],
    ['nothing computed', [X], 'no node of its graph has an output that is not taken; freeze the graph again'],
    ['a node without a name', [X, node('Relu', '', ['x'])], 'a node without a name; the file is damaged'],
    ['a node without an operator', [X, node('', 'y', ['x'])], "a node without an operator, 'y'; the file is damaged"],
    [
      'two nodes of one name',
      [X, node('Relu', 'x', ['x'])],
      "two nodes of the graph are called 'x'; names must be unique",
    ],
    [
      'an input that nobody makes',
      [X, node('Add', 'y', ['x', 'gone'])],
      "the tensor 'gone' is made by no node; the file is damaged",
    ],
    ['an input too few', [X, node('Add', 'y', ['x'])], "Add 'y' has no input 1; the file is damaged"],
    [
      'a cycle',
      [X, node('Add', 'y', ['x', 'z']), node('Relu', 'z', ['y']), node('Neg', 'end', ['z'])],
      "the graph has a cycle through Add 'y'; it can't be run",
    ],
    [
      'variables that are not frozen',
      [X, node('VariableV2', 'w'), conv({})],
      "variable 'w' has no values; freeze the graph, or open its SavedModel",
    ],
    [
      'weights that are cut off',
      [X, constant('w', { dtype: 1, shape: shape(3, 3, 2, 4), content: new Uint8Array(100) }), conv({})],
      "constant 'w' declares [3, 3, 2, 4] of float, 288 bytes, but 100 are there; the file is damaged",
    ],
    [
      'more weights than the file can hold',
      [X, constant('w', { dtype: 1, shape: shape(3000, 3000, 20, 4), floatVal: [0] }), conv({})],
      "constant 'w' declares [3000, 3000, 20, 4] of float, 720000000 values, but 1 are there; the file is damaged",
    ],
    [
      'weights of another rank',
      [X, weights('w', 3, 3), conv({})],
      "Conv2D 'conv' has weights of 2 axes; 4 were expected; the file is damaged",
    ],
    [
      'weights for other channels',
      [X, weights('w', 3, 3, 3, 4), conv({})],
      "Conv2D 'conv' has kernels of 3 channels for 2; the file is damaged",
    ],
    [
      'strides of another rank',
      [X, W, conv({ strides: [1, 1] })],
      "Conv2D 'conv' has strides = [1, 1]; four sizes were expected; the file is damaged",
    ],
    [
      'a padding that is none',
      [X, W, conv({ padding: 'LOOSE' })],
      "Conv2D 'conv' has padding 'LOOSE' []; SAME or VALID was expected; the file is damaged",
    ],
    [
      'a window larger than its image',
      [X, weights('w', 9, 9, 2, 4), conv({ padding: 'VALID' })],
      "Conv 'conv' with inputs N×2×6×6, 4×2×9×9: a window of 9 is larger than the padded input, 6",
    ],
    [
      'a convolution of a list',
      [placeholder('x', [-1, 6]), W, conv({})],
      "Conv2D 'conv' has an input of 2 axes, not 4; the file is damaged",
    ],
    [
      'an axis that is not there',
      [X, constant('axis', { dtype: 3, shape: shape(), intVal: [7] }), node('ConcatV2', 'y', ['x', 'x', 'axis'])],
      "ConcatV2 'y' works on axis 7 of 4; the file is damaged",
    ],
    [
      'constants that do not fit',
      [X, weights('a', 3), weights('b', 4), node('Add', 'sum', ['a', 'b']), node('Mul', 'y', ['x', 'sum'])],
      "Add 'sum': shapes that do not broadcast; the file is damaged",
    ],
    [
      'an order of axes that is none',
      [
        X,
        weights('a', 3, 4),
        ints('perm', [0, 0]),
        node('Transpose', 't', ['a', 'perm']),
        node('MatMul', 'y', ['x', 't']),
      ],
      "Transpose 't' has the order [0, 0] of axes; the file is damaged",
    ],
    [
      'a function that is not there',
      [X, node('PartitionedCall', 'call', ['x'], { f: { func: { name: 'gone' } } })],
      "PartitionedCall 'call' calls the function 'gone', which the file does not have",
    ],
    [
      'an input of size 0',
      [placeholder('x', [-1, 0, 6, 2]), node('Relu', 'y', ['x'])],
      "input 'x' has the shape [-1, 0, 6, 2]; sizes of one or more were expected",
    ],
  ])('%s', async (_, nodes, message) => {
    expect(await failure(writeGraph(...nodes))).toBe(message);
  });

  it('a function that calls itself', async () => {
    const call = node('PartitionedCall', 'call', ['x'], { f: { func: { name: 'again' } } });
    const again = {
      signature: { name: 'again', inputArg: [{ name: 'x' }], outputArg: [{ name: 'y' }] },
      node: [call, { ...call, name: 'twice', input: ['call:output:0'] }],
      ret: [{ key: 'y', value: 'twice:output:0' }],
    };
    expect(await failure(write('graph.pb', graphBytes([X, call], [again])))).toBe(
      'functions call each other more than 64 deep; the file is damaged',
    );
  });

  it('many large tensors of few values', async () => {
    const large = Array.from({ length: 20 }, (_, i) =>
      constant(`c${i}`, { dtype: 1, shape: shape(1024, 1024), floatVal: [i] }),
    );
    const sums = large.map(({ name }, i) => node('Mul', `y${i}`, [i === 0 ? 'x' : `y${i - 1}`, name!]));
    expect(await failure(writeGraph(placeholder('x', [-1, 1024]), ...large, ...sums))).toBe(
      'its constants make more values than such a file has; the file is damaged',
    );
  });

  it('no protobuf', async () => {
    expect(await failure(write('graph.pb', 'node { name: "x" }'))).toBe(
      'not a whole TensorFlow graph: its protobuf ends early or is damaged; copy it again',
    );
  });
});

describe('a SavedModel that is wrong', () => {
  it.each<readonly [string, Uint8Array, Record<string, Uint8Array>, string]>([
    [
      'cut off',
      model.slice(0, 9000),
      saved,
      'not a whole SavedModel: its protobuf ends early or is damaged; copy it again',
    ],
    [
      'without a graph',
      savedModelBytes([{ metaInfo: { tags: ['serve'] } }]),
      saved,
      'no graph in it: a SavedModel for serving was expected; save it again',
    ],
    [
      'without a signature',
      savedModelBytes([{ graph: { node: [node('NoOp', 'nothing')] } }]),
      {},
      'no signature says what it takes and gives; save it again with `signatures=`',
    ],
    ['without its variables', model, {}, "its variables are not there; copy the folder 'variables' beside it"],
    [
      'without a file of variables',
      model,
      { [INDEX]: saved[INDEX] },
      `it needs '${DATA}': there is no such file; check the path, or copy it there`,
    ],
    [
      'with an index that is none',
      model,
      { ...saved, [INDEX]: new Uint8Array(100) },
      'its variables.index does not end as an index does; copy the folder of variables again',
    ],
    [
      'with variables that are cut off',
      model,
      { ...saved, [DATA]: saved[DATA]!.slice(0, 100) },
      "variable 'matrix/.ATTRIBUTES/VARIABLE_VALUE' declares [3, 5] of float32, bytes 228 to 288, but the file ends at 100; copy it again",
    ],
  ])('%s', async (_, bytes, beside, message) => {
    expect(await failure(write('saved_model.pb', bytes, beside))).toBe(message);
  });
});

describe('blocks in Snappy', () => {
  it('are literals, and copies that may overlap', () => {
    const packed = Uint8Array.from([14, 3 << 2, 97, 98, 99, 100, 0b000_101_01, 2, (0 << 2) | 0, 33]);
    // 'abcd', then 9 bytes from two before, then '!'
    expect(new TextDecoder().decode(unsnap(packed))).toBe('abcdcdcdcdcdc!');
  });

  it.each([
    ['ends early', [4, 12, 97]],
    ['reaches before its start', [8, 0, 97, 0b000_000_01, 2]],
    ['declares more than it has', [9, 0, 97]],
    ['declares more than an index holds', [255, 255, 255, 255, 127]],
  ])('%s', (_, bytes) => {
    expect(() => unsnap(Uint8Array.from(bytes))).toThrow(
      'a block of the index is no Snappy data as it should be; copy the variables again',
    );
  });
});

describe('damaged files of TensorFlow', () => {
  it('a frozen graph opens or tells', () => survives(graphBytes(NETWORK), 'graph.pb', 4000), 60_000);
  it("a SavedModel's index opens or tells", async () => {
    const beside = { ...saved, 'saved_model.pb': model };
    await survives(saved[INDEX]!, INDEX, saved[INDEX]!.length, beside, 'saved_model.pb');
  }, 60_000);

  it.skipIf(!hasShared)(
    `a graph model of TensorFlow.js opens or tells${needsShared}`,
    async () => {
      const folder = sharedModel('lenet-mnist-tensorspace/tensorflow/convertedModel/graphModel');
      const shard = 'group1-shard1of1';
      const json = new Uint8Array(readFileSync(join(folder, 'model.json')));
      await survives(json, 'model.json', json.length, { [shard]: readFileSync(join(folder, shard)) });
    },
    60_000,
  );

  it('a SavedModel opens or tells', () => survives(model, 'saved_model.pb', model.length, saved), 60_000);
});
