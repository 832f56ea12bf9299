import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonLayers } from '../../../src/extension/code/python.ts';

/** `Conv2D conv1`, in the order of the text. */
const found = (text: string): string[] => pythonLayers(text).map(({ kind, names }) => `${kind} ${names[0]}`.trim());

const pointed = (text: string): string[][] =>
  pythonLayers(text).map(({ pointers }) => pointers.map(({ from, to }) => text.slice(from, to)));

describe('layers in Python', () => {
  it('reads the sample', () => {
    const text = fs.readFileSync(path.resolve(import.meta.dirname, '../../../media/samples/digits.py'), 'utf8');
    expect(found(text)).toEqual([
      'InputLayer image',
      'Conv2D conv1',
      'MaxPooling2D pool1',
      'Conv2D conv2',
      'MaxPooling2D pool2',
      'Conv2D conv3',
      'Flatten flatten',
      'Dense hidden',
      'Dense digits',
    ]);
  });

  it.each([
    ['from keras.layers import Conv2D\nConv2D(8, 3)', ['Conv2D conv2d']],
    ['from keras.layers import Conv2D as C\nC(8, 3)', ['Conv2D conv2d']],
    ['from keras.layers import (\n  Dense,\n  Conv2D as C,\n)\nC(8, 3)', ['Conv2D conv2d']],
    ['from tensorflow.keras import layers\nlayers.Conv2D(8, 3)', ['Conv2D conv2d']],
    ['import keras.layers as L\nL.Conv2D(8, 3)', ['Conv2D conv2d']],
    ['import tensorflow as tf\ntf.keras.layers.Conv2D(8, 3)', ['Conv2D conv2d']],
    ['from keras.layers import *\nConv2D(8, 3)', ['Conv2D conv2d']],
    ['import keras\nx = keras.Input((3,), name="in")', ['InputLayer in']],
    ['from keras import layers\nlayers.concatenate([a, b], name="joined")', ['Concatenate joined']],
    ['from keras.layers import Attn\nAttn(name="own")', ['Attn own']],
    ['from torch.nn import Conv2D, Flatten\nConv2D(8, 3)\nFlatten()', []],
    ['from keras import models\nmodels.Sequential([])', []],
    ['layers.name = 3\nprint(layers.count(3))', []],
  ])('%j', (text, layers) => expect(found(text)).toEqual(layers));

  it('counts as Keras counts: by class, layers with a name left out, callee before argument', () => {
    const text = `
from keras.layers import Conv2D, Dense
x = Conv2D(1, 1)(inputs)
x = Conv2D(2, 1, name='named')(x)
x = Conv2D(3, 1)(Conv2D(4, 1)(x))
x = Dense(5)(x)`;
    expect(found(text)).toEqual(['Conv2D conv2d', 'Conv2D named', 'Conv2D conv2d_1', 'Conv2D conv2d_2', 'Dense dense']);
  });

  it('leaves out what only running would tell, and what comes after it', () => {
    const text = `
from keras.layers import Conv2D, Dense, Flatten
a = Conv2D(1, 1)
for i in range(3):
    x = Conv2D(2, 1)(x)
    x = Dense(2, name=f'dense{i}')(x)
    x = Flatten(name='flat')(x)
b = Conv2D(3, 1)
c = Dense(4, name=prefix + '/dense')
d = Dense(5)`;
    expect(found(text)).toEqual(['Conv2D conv2d', 'Dense dense*', 'Flatten flat', 'Dense */dense', 'Dense dense']);
  });

  it.each([
    [`f"{block}/conv1x1_{i:02d}"`, '*/conv1x1_*'],
    [`f'{block}{i}_relu'`, '*_relu'],
    [`block + "/conv" + str(i)`, '*/conv*'],
    [`"block%d_%s_bn" % (i, name)`, 'block*_*_bn'],
    [`"res" + suffix`, 'res*'],
    [`f"{a}_{b}"`, undefined],
    ['given', undefined],
    [`names[3]`, undefined],
  ])('of a name of which a part is computed, %s, knows %s', (name, pattern) => {
    const known = found(`from keras.layers import Conv2D\nConv2D(8, 3, name=${name})`);
    expect(known).toEqual(pattern === undefined ? [] : [`Conv2D ${pattern}`]);
  });

  it('follows a function that is called once, but not one that is called twice', () => {
    const text = `
from keras.layers import Conv2D, Dense
def block(x):
    return Conv2D(8, 3)(x)
def head(x):
    return Dense(10)(x)
x = head(block(block(x)))
y = Dense(3)(x)`;
    expect(found(text)).toEqual(['Dense dense', 'Dense dense_1']);
  });

  it('counts anew in each function that nobody here calls, and in each model class', () => {
    const text = `
from keras.layers import Conv2D
def small():
    return Conv2D(8, 3)
class Large(Model):
    def __init__(self):
        self.first = Conv2D(8, 3)
        self.second = Conv2D(8, 3)`;
    expect(found(text)).toEqual(['Conv2D conv2d', 'Conv2D conv2d', 'Conv2D conv2d_1']);
  });

  it('runs what stands under `if __name__ == "__main__"`, but not under other conditions', () => {
    const text = `
from keras.layers import Conv2D, Dense
if deep:
    Conv2D(8, 3)
if __name__ == "__main__":
    Dense(8)`;
    expect(found(text)).toEqual(['Dense dense']);
  });

  it('points at class, name and variable', () => {
    const text = `
from keras import layers
conv = layers.Conv2D(8, 3, name="conv1")(x)
self.head = layers.Dense(3)`;
    expect(pointed(text)).toEqual([
      ['Conv2D', '"conv1"', 'conv'],
      ['Dense', 'head'],
    ]);
  });

  it('mentions are no definitions', () => {
    const [mention] = pythonLayers("import keras\nmodel.get_layer('conv1').output");
    expect(mention).toEqual({ kind: '', names: ['conv1'], pointers: [{ from: 29, to: 36 }] });
  });

  it('half-written code loses nothing before it', () => {
    const text = 'from keras.layers import Conv2D, Dense\nConv2D(1, 1, name="a")\nDense(2, name="b"\nx = Dense(';
    expect(found(text).slice(0, 2)).toEqual(['Conv2D a', 'Dense b']);
    const list =
      'from keras.layers import *\nS([\n  Conv2D(1),\n  Conv2D(2, name="b"\n  Flatten(),\n  Dense(3)\n])\nDense(4)';
    expect(found(list)).toEqual(['Conv2D conv2d', 'Conv2D b', 'Dense dense', 'Dense dense_1']);
  });

  it('never throws, and points inside the text', () => {
    const pieces = fc.constantFrom(
      'Conv2D(',
      'name=',
      '"a"',
      "f'",
      ')',
      '(',
      '\n',
      '  ',
      'def f',
      ':',
      'import ',
      ',',
      'x=',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = `from keras.layers import Conv2D\n${parts.join('')}`;
        for (const { pointers, definition } of pythonLayers(text))
          for (const { from, to } of [...pointers, ...(definition ? [definition] : [])]) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeLessThanOrEqual(text.length);
            expect(from).toBeLessThan(to);
          }
      }),
    );
  });
});
