import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, type NodeProto, type TensorProto } from '../../../src/core/formats/onnx/proto.ts';
import { floats, ints, onnxFile, write, type OnnxFile } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';

const proto = (opType: string, input: readonly string[], output: string, attributes: Record<string, number[]> = {}) =>
  ({
    opType,
    name: output,
    input: [...input],
    output: [output],
    attribute: Object.entries(attributes).map(([name, values]) => ({ name, type: ATTRIBUTE_TYPE.ints, ints: values })),
  }) satisfies NodeProto;

const node = (op: string, inputs: readonly string[], output: string, attributes: Record<string, number[]> = {}) => {
  const { name, attribute } = proto(op, inputs, output, attributes);
  return { op, name, inputs, outputs: [output], attributes: attribute };
};

/** A scalar of whole numbers. */
const number = (name: string, value: number): TensorProto => ({ ...ints(name, [value]), dims: [] });

const TURN = { perm: [0, 3, 1, 2] };
const CONVOLUTION = node('Conv', ['resized', 'w'], 'y');
const WEIGHTS = [
  floats('w', [4, 3, 3, 3]),
  ints('size', [5, 7]),
  number('zero', 0),
  ints('zeros', [0]),
  ints('two', [2]),
];

/** Images of a batch resized one by one, as tf2onnx writes `tf.map_fn`; `step` is what a turn adds to the counter. */
const looped = (step: number, done: readonly NodeProto[] = []): OnnxFile => {
  const body = {
    node: [
      proto('Unsqueeze', ['at', 'zeros'], 'index'),
      proto('Gather', ['x', 'index'], 'image'),
      proto('Transpose', ['image'], 'turned', TURN),
      proto('Shape', ['turned'], 'shape'),
      proto('Slice', ['shape', 'zeros', 'two'], 'front'),
      { ...proto('Concat', ['front', 'size'], 'sizes'), attribute: [{ name: 'axis', type: ATTRIBUTE_TYPE.int, i: 0 }] },
      proto('Resize', ['turned', '', '', 'sizes'], 'large'),
      ...done,
      proto('Squeeze', [done.at(-1)?.output?.[0] ?? 'large', 'zeros'], 'single'),
      proto('Add', ['at', 'step'], 'next'),
      proto('Identity', ['go'], 'on'),
    ],
    initializer: [number('step', step)],
    input: ['turn', 'go', 'at'].map((name) => ({ name })),
    output: ['on', 'next', 'single'].map((name) => ({ name })),
  };
  return {
    nodes: [
      {
        op: 'Loop',
        name: 'loop',
        inputs: ['count', 'yes', 'zero'],
        outputs: ['last', 'resized'],
        attributes: [{ name: 'body', type: ATTRIBUTE_TYPE.graph, g: body }],
      },
      CONVOLUTION,
    ],
    initializers: [
      ...WEIGHTS,
      number('count', 2),
      { name: 'yes', dims: [], dataType: DATA_TYPE.bool!, int32Data: [1] },
    ],
    inputs: { x: ['N', 'H', 'W', 3] },
    outputs: ['y'],
  };
};

const open = (file: OnnxFile) => openModel(write('model.onnx', onnxFile(file)));

describe('an ONNX loop over the images of a batch', () => {
  it('is the same work on the whole batch, of pictures as large as it makes them', async () => {
    const model = await open(looped(1));
    expect(model.unknown).toEqual([]);
    expect(model.warnings).toEqual([]);
    expect(model.inputs).toEqual([{ name: 'x', shape: [-1, 3, 5, 7], layout: 'NHWC' }]);
    const plain = await open({
      nodes: [CONVOLUTION],
      initializers: WEIGHTS,
      inputs: { resized: ['N', 3, 5, 7] },
      outputs: ['y'],
    });
    const images = noise([2, 3, 5, 7]);
    const [found, expected] = [await runModel(model, images), await runModel(plain, images)];
    expect(found[0]!.shape).toEqual([2, 4, 3, 5]);
    expect(largestDifference(found[0]!.data as Float32Array, expected[0]!.data as Float32Array)).toBe(0);
  });

  it.each([
    ['takes every second image', looped(2)],
    ['moves the axis of images', looped(1, [proto('Transpose', ['large'], 'other', { perm: [1, 0, 2, 3] })])],
    ['goes round in itself', looped(1, [proto('Identity', ['again'], 'again')])],
    ['depends on the turn', looped(1, [proto('Mul', ['large', 'at'], 'more')])],
  ])('that %s is shown, not run', async (_, file) => {
    expect((await open(file)).unknown).toEqual([{ op: 'Loop', node: 'loop' }]);
  });
});
