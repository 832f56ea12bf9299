import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prototxtNetwork } from '../../../src/extension/code/prototxt.ts';

const NET = `name: "tiny"
input: "data"
input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
layer { # the "first"
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  convolution_param { num_output: 4 weight_filler { type: "xavier" } }
}
layer {
  name: 'relu1' type: 'ReLU' top: "conv1"
}
`;

const found = (text: string): string[] => prototxtNetwork(text).layers.map(({ kind, names }) => `${kind} ${names[0]}`);

describe('layers in Caffe’s text format', () => {
  it('by name and type, of the layer itself', () => expect(found(NET)).toEqual(['Convolution conv1', 'ReLU relu1']));

  it('as Caffe first wrote them', () =>
    expect(found('layers { name: "ip" type: INNER_PRODUCT bottom: "x" }')).toEqual(['INNER_PRODUCT ip']));

  it('once, where training and test have one each', () =>
    expect(found('layer { name: "data" type: "Data" }\nlayer { name: "data" type: "Data" }')).toEqual(['Data data']));

  it('points at their names', () => {
    const { layers } = prototxtNetwork(NET);
    expect(layers.map(({ pointers }) => NET.slice(pointers[0]!.from, pointers[0]!.to))).toEqual(['"conv1"', "'relu1'"]);
    const { from, to } = layers[1]!.definition!;
    expect(NET.slice(from, to)).toMatch(/^layer \{[^}]*\}$/);
  });

  it.each([
    [NET, true],
    ['layers: { name: "a" }', true],
    ['net: "train.prototxt"\nbase_lr: 0.01\nsolver_mode: GPU', false],
    ['item { id: 1 display_name: "person" }', false],
    ['# layer { }', false],
    ['', false],
  ])('%j is a network: %s', (text, expected) => expect(prototxtNetwork(text).isModel).toBe(expected));

  it('never throws, and points inside the text', () => {
    const piece = fc.constantFrom('layer {', 'name: "a"', 'type: ', '}', '{', '"', '#', '\n', 'x: 1');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join(' ');
        for (const { pointers, definition } of prototxtNetwork(text).layers) {
          expect(text.slice(pointers[0]!.from, pointers[0]!.to)).toBe('"a"');
          expect(definition!.to).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
