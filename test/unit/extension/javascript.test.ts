import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javascriptLayers } from '../../../src/extension/code/javascript.ts';

const found = (text: string): string[] => javascriptLayers(text).map(({ kind, names }) => `${kind} ${names[0]}`.trim());

const pointed = (text: string): string[][] =>
  javascriptLayers(text).map(({ pointers }) => pointers.map(({ from, to }) => text.slice(from, to)));

describe('layers in JavaScript and TypeScript', () => {
  it.each([
    ["tf.layers.conv2d({ filters: 8, name: 'conv1' })", ['Conv2D conv1']],
    ['model.add(layers.dense({ "name": "out" }))', ['Dense out']],
    ['const x = tf.input({ shape: [28, 28, 1], name: "image" });', ['InputLayer image']],
    ['tf.layers.maxPool2d({ poolSize: 2 })', ['MaxPooling2D max_pooling2d_MaxPooling2D1']],
    ['tf.layers.conv2dTranspose({})', ['Conv2DTranspose conv2d_transpose_Conv2DTranspose1']],
    ['tf.layers.dense({units: 1}); tf.layers.dense({units: 2})', ['Dense dense_Dense1', 'Dense dense_Dense2']],
    ['const block = (n) => tf.layers.conv2d({ name: `block${n}/conv` })', ['Conv2D block*/conv']],
    ['model.getLayer("conv1").output', ['conv1']],
    ['const m: tf.LayersModel = tf.sequential(); m.add(tf.layers.reLU({ name: "r" } as const))', ['ReLU r']],
    ['tf.layers.dense(settings); tf.layers.dense({ units: 1 })', []],
    ['tf.layers.dense({ ...settings, units: 1 })', []],
    ['tf.layers.flatten()', ['Flatten flatten_Flatten1']],
    ['tf.conv2d(x, w, 1, "same"); other.layers(3); layers.name', []],
    ['tf.layers.conv2d({ name: nameOf(i) })', []],
    ['for (let i = 0; i < 3; i++) model.add(tf.layers.dense({ units: i })); tf.layers.dense({ units: 1 })', []],
  ])('%j', (text, layers) => expect(found(text)).toEqual(layers));

  it('points at the function, the name and the variable', () => {
    expect(pointed("const x = tf.layers.conv2d({ name: 'conv1' }).apply(image);")).toEqual([
      ['conv2d', "'conv1'", 'x'],
    ]);
    expect(pointed("y = tf.layers.dense({ name: 'out' }).apply(x);")).toEqual([['dense', "'out'", 'y']]);
  });

  it('reads broken code as far as it goes', () => {
    expect(found("const a = tf.layers.conv2d({ name: 'conv1' });\nmodel.add(tf.layers.dense({ na")).toContain(
      'Conv2D conv1',
    );
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(javascriptLayers(`tf.layers.dense(${text}`))));
  });
});
