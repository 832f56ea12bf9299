import { describe, expect, it } from 'vitest';
import { numberedAsIn } from '../../../src/extension/code/numbering.ts';
import { pythonLayers } from '../../../src/extension/code/python.ts';

const names = (text: string, model: readonly string[]): string[] =>
  numberedAsIn(
    model.map((name) => ({ name })),
    pythonLayers(`from keras.layers import *\n${text}`),
  ).map((layer) => layer.names[0]!);

describe('the numbers of layers without a name', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['as Keras counts from the start', 'Conv2D(1)\nConv2D(2)', ['conv2d', 'conv2d_1'], ['conv2d', 'conv2d_1']],
    ['that went on within a session', 'Conv2D(1)\nConv2D(2)', ['conv2d_9', 'conv2d_10'], ['conv2d_9', 'conv2d_10']],
    [
      'shifted by one: the second is not the first',
      'Conv2D(1)\nConv2D(2)\nDense(3)',
      ['conv2d_1', 'conv2d_2', 'dense'],
      ['conv2d_1', 'conv2d_2', 'dense'],
    ],
    ['of inputs, from 1 in Keras 2', 'Input((3,))\nDense(1)', ['input_4', 'dense_7'], ['input_4', 'dense_7']],
    ['of inputs in Keras 3', 'Input((3,))', ['input_layer_2'], ['input_layer_2']],
    ['in the nodes of an exporter', 'Conv2D(1)', ['net/conv2d_5/Conv2D', 'net/conv2d_5/Relu'], ['conv2d_5']],
    [
      'in order of making, not of writing',
      'def head(x):\n  return Dense(1)(x)\nx = Dense(2)(x)\nhead(x)',
      ['dense_3', 'dense_4'],
      ['dense_4', 'dense_3'],
    ],
    [
      'beside a name that looks like one',
      'Dense(1)\nDense(2, name="dense_8")',
      ['dense_3', 'dense_8'],
      ['dense_3', 'dense_8'],
    ],
    ['stay, where the model has more of a class', 'Dense(1)', ['dense_3', 'dense_4'], ['dense']],
    ['stay, where the model has fewer', 'Dense(1)\nDense(2)', ['dense_3'], ['dense', 'dense_1']],
    [
      'stay, where two functions count',
      'def f():\n  Dense(1)\ndef g():\n  Dense(2)',
      ['dense_3', 'dense_4'],
      ['dense', 'dense'],
    ],
  ])('%s', (_, text, model, expected) => expect(names(text, model)).toEqual(expected));
});
