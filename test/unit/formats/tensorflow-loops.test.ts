import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { NodeDef } from '../../../src/core/formats/tensorflow/proto.ts';
import { write } from './files.ts';
import { largestDifference, noise, runModel } from './run.ts';
import { graphBytes, ints, node, number, placeholder, weights, writeGraph } from './tensorflow-files.ts';

const open = (...nodes: readonly NodeDef[]) => openModel(writeGraph(...nodes));

/** `for (i = 0; i < n; i++)` with something that is carried through, as TensorFlow 1 writes it. */
const loop = (carried: string, next: string): NodeDef[] => [
  node('Enter', 'loop/enter_i', ['zero']),
  node('Enter', 'loop/enter', [carried]),
  node('Enter', 'loop/enter_n', ['count']),
  node('Merge', 'loop/i', ['loop/enter_i', 'loop/next_i']),
  node('Merge', 'loop/carried', ['loop/enter', 'loop/next']),
  node('Less', 'loop/less', ['loop/i', 'loop/enter_n']),
  node('LoopCond', 'loop/cond', ['loop/less']),
  node('Switch', 'loop/switch_i', ['loop/i', 'loop/cond']),
  node('Switch', 'loop/switch', ['loop/carried', 'loop/cond']),
  node('Identity', 'loop/at', ['loop/switch_i:1']),
  node('Add', 'loop/add', ['loop/at', 'one']),
  node('NextIteration', 'loop/next_i', ['loop/add']),
  node('NextIteration', 'loop/next', [next]),
  node('Exit', 'loop/exit', ['loop/switch']),
];

const NUMBERS = [number('zero', 0), number('one', 1)];
const CONVOLUTION = (from: string): NodeDef[] => [
  weights('w', 3, 3, 3, 4),
  node('Conv2D', 'conv', [from, 'w'], { padding: 'VALID', strides: [1, 1, 1, 1] }),
];

/** `tf.map_fn` over the images of a batch, as detectors resize them; `body` from `image`, a batch of one, to `done`. */
const mapped = (body: readonly NodeDef[]): NodeDef[] => [
  ...NUMBERS,
  node('Shape', 'shape', ['x']),
  ints('from', [0]),
  ints('to', [1]),
  node('StridedSlice', 'count', ['shape', 'from', 'to', 'to'], { shrink_axis_mask: 1 }),
  node('Range', 'all', ['zero', 'count', 'one']),
  node('TensorArrayV3', 'taken', ['count']),
  node('TensorArrayV3', 'made', ['count']),
  node('TensorArrayScatterV3', 'scatter', ['taken', 'all', 'x', 'taken:1']),
  ...loop('made:1', 'write'),
  node('Enter', 'enter_taken', ['taken']),
  node('Enter', 'enter_scatter', ['scatter']),
  node('Enter', 'enter_made', ['made']),
  node('TensorArrayReadV3', 'read', ['enter_taken', 'loop/at', 'enter_scatter']),
  node('ExpandDims', 'image', ['read', 'zero']),
  ...body,
  node('Squeeze', 'single', ['done'], { squeeze_dims: [0] }),
  node('TensorArrayWriteV3', 'write', ['enter_made', 'loop/at', 'single', 'loop/switch:1']),
  node('TensorArraySizeV3', 'size', ['made', 'loop/exit']),
  node('Range', 'each', ['zero', 'size', 'one']),
  node('TensorArrayGatherV3', 'stack', ['made', 'each', 'loop/exit']),
];

describe('a loop of TensorFlow 1', () => {
  const size = ints('to_size', [5, 7]);

  it('over the images of a batch is the same work on the whole batch', async () => {
    const x = placeholder('x', [-1, 8, 9, 3]);
    const looped = await open(
      x,
      size,
      ...mapped([node('ResizeBilinear', 'done', ['image', 'to_size'])]),
      ...CONVOLUTION('stack'),
    );
    const plain = await open(x, size, node('ResizeBilinear', 'done', ['x', 'to_size']), ...CONVOLUTION('done'));
    expect(looped.unknown).toEqual([]);
    expect(looped.inputs[0]!.shape).toEqual([-1, 3, 8, 9]);
    const images = noise([2, 3, 8, 9]);
    const [found, expected] = [await runModel(looped, images), await runModel(plain, images)];
    expect(found[0]!.shape).toEqual([2, 4, 3, 5]);
    expect(largestDifference(found[0]!.data as Float32Array, expected[0]!.data as Float32Array)).toBe(0);
  });

  const doubled = (turns: number) => [
    placeholder('x', [-1, 8, 8, 3]),
    ...NUMBERS,
    number('count', turns),
    ...CONVOLUTION('x'),
    ...loop('conv', 'doubled'),
    node('AddV2', 'doubled', ['loop/switch:1', 'loop/switch:1']),
    node('Relu', 'after', ['loop/exit']),
  ];

  it('whose turns are known is written out', async () => {
    const model = await open(...doubled(3));
    expect(model.unknown).toEqual([]);
    const images = noise([2, 3, 8, 8]);
    const [found] = await runModel(model, images);
    const [once] = await runModel(
      await open(placeholder('x', [-1, 8, 8, 3]), ...CONVOLUTION('x'), node('Relu', 'after', ['conv'])),
      images,
    );
    expect(found!.data).toEqual((once!.data as Float32Array).map((value) => 8 * value));
  });

  it('over the lists of TensorFlow 2 is the same as on each image', async () => {
    const model = await open(
      placeholder('x', [2, 4, 4, 3]),
      ...[...NUMBERS, number('count', 2), ints('any', [-1])],
      node('TensorListFromTensor', 'taken', ['x', 'any']),
      node('TensorListReserve', 'made', ['any', 'count']),
      ...loop('made', 'set'),
      node('Enter', 'enter_taken', ['taken']),
      node('TensorListGetItem', 'item', ['enter_taken', 'loop/at', 'any']),
      node('Neg', 'done', ['item']),
      node('TensorListSetItem', 'set', ['loop/switch:1', 'loop/at', 'done']),
      node('TensorListStack', 'stack', ['loop/exit', 'any']),
      ...CONVOLUTION('stack'),
    );
    expect(model.unknown).toEqual([]);
    const images = noise([2, 3, 4, 4]);
    const plain = await open(placeholder('x', [2, 4, 4, 3]), node('Neg', 'done', ['x']), ...CONVOLUTION('done'));
    const [[found], [expected]] = [await runModel(model, images), await runModel(plain, images)];
    expect(found!.shape).toEqual([2, 4, 2, 2]);
    expect(found!.data).toEqual(expected!.data);
  });

  it('as a function of TensorFlow 2 is written out too', async () => {
    const args = [{ name: 'i' }, { name: 'v' }];
    const functions = [
      {
        signature: { name: 'below', inputArg: args, outputArg: [{ name: 'is' }] },
        node: [number('three', 3), node('Less', 'less', ['i', 'three:output:0'])],
        ret: [{ key: 'is', value: 'less:z:0' }],
      },
      {
        signature: { name: 'turn', inputArg: args, outputArg: args },
        node: [number('one', 1), node('AddV2', 'next', ['i', 'one:output:0']), node('AddV2', 'twice', ['v', 'v'])],
        ret: [
          { key: 'i', value: 'next:z:0' },
          { key: 'v', value: 'twice:z:0' },
        ],
      },
    ];
    const calls = { cond: { func: { name: 'below' } }, body: { func: { name: 'turn' } } };
    const nodes = [placeholder('x', [-1, 3]), number('zero', 0), node('While', 'loop', ['zero', 'x'], calls)];
    const model = await openModel(write('graph.pb', graphBytes([...nodes, node('Neg', 'y', ['loop:1'])], functions)));
    const [result] = await runModel(model, float32([1, 2, 3], [1, 3]));
    expect([model.unknown, [...(result!.data as Float32Array)]]).toEqual([[], [-8, -16, -24]]);
  });

  it('of too many turns is shown, and what lies before it runs', async () => {
    const { unknown, graph, layers } = await open(...doubled(1000));
    expect(unknown).toEqual([{ op: 'While', node: 'loop/cond' }]);
    const shapes = inferShapes(graph);
    const runs = Object.fromEntries(layers.map(({ name, output }) => [name, shapes.has(output)]));
    expect(runs).toMatchObject({ x: true, conv: true, after: false });
  });

  it('is shown with all that its body takes', async () => {
    const { layers } = await open(
      placeholder('x', [-1, 8, 8, 3]),
      ...NUMBERS,
      number('count', 1000),
      weights('nothing', 2),
      ...CONVOLUTION('x'),
      ...loop('nothing', 'sum'),
      node('Enter', 'enter_conv', ['conv']),
      node('AddV2', 'sum', ['loop/switch:1', 'enter_conv']),
      node('Relu', 'after', ['loop/exit']),
    );
    expect(layers.map(({ name }) => name)).toEqual(expect.arrayContaining(['x', 'conv', 'after']));
  });

  it('whose body is no batch of one is not taken for the same work', async () => {
    const { unknown } = await open(
      placeholder('x', [-1, 8, 9, 3]),
      ...mapped([node('Relu', 'done', ['image'])]),
      ...CONVOLUTION('stack'),
    );
    expect(unknown.length).toBeGreaterThan(0);
  });
});

it('what goes round in itself in a damaged file is not followed', async () => {
  const size = ints('to_size', [5, 7]);
  const round = [node('ResizeBilinear', 'done', ['again', 'to_size']), node('Identity', 'again', ['done'])];
  const { unknown } = await open(placeholder('x', [-1, 8, 9, 3]), size, ...mapped(round), ...CONVOLUTION('stack'));
  expect(unknown).toContainEqual({ op: 'While', node: 'loop/cond' });
  await expect(
    open(
      placeholder('x', [-1, -1, -1, 3]),
      node('Identity', 'a', ['x', 'a']),
      size,
      node('ResizeBilinear', 'y', ['a', 'to_size']),
    ),
  ).rejects.toThrow('cycle');
});

describe('an input of TensorFlow', () => {
  it('of open size is as large as the network’s own first resize makes it', async () => {
    const size = ints('to_size', [40, 56]);
    const resize = node('ResizeBilinear', 'done', ['float', 'to_size']);
    const { inputs, warnings } = await open(
      placeholder('x', [-1, -1, -1, 3], 4),
      node('Cast', 'float', ['x'], { DstT: { type: 1 } }),
      size,
      resize,
      ...CONVOLUTION('done'),
    );
    expect(inputs[0]!.shape).toEqual([-1, 3, 40, 56]);
    expect(warnings).toEqual([]);
  });

  it('of whole numbers from 0 to 255 takes pixels as they are', async () => {
    const bytes = await open(
      placeholder('x', [-1, 8, 8, 3], 4),
      node('Cast', 'float', ['x'], { DstT: { type: 1 } }),
      ...CONVOLUTION('float'),
    );
    expect(bytes.preprocessing).toMatchObject({ channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
    const floats = await open(placeholder('x', [-1, 8, 8, 3]), ...CONVOLUTION('x'));
    expect(floats.preprocessing).toBeUndefined();
  });
});

describe('an operator with several outputs', () => {
  it('that is not known leads on from each of them', async () => {
    const { unknown, layers } = await open(
      placeholder('x', [-1, 8]),
      node('MyOp', 'mine', ['x']),
      node('Relu', 'first', ['mine']),
      node('Relu', 'second', ['mine:1']),
    );
    expect(unknown).toEqual([{ op: 'MyOp', node: 'mine' }]);
    expect(layers.map(({ name }) => name)).toEqual(['x', 'mine', 'first', 'second']);
  });

  it('parts an axis, and joins the parts', async () => {
    const model = await open(
      placeholder('x', [-1, 2, 3]),
      node('Unpack', 'parts', ['x'], { axis: 2, num: 3 }),
      node('Pack', 'turned', ['parts:2', 'parts:1', 'parts'], { axis: 1 }),
    );
    expect(model.unknown).toEqual([]);
    const [result] = await runModel(model, {
      dtype: 'float32',
      shape: [1, 2, 3],
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
    expect(result!.shape).toEqual([1, 3, 2]);
    expect([...(result!.data as Float32Array)]).toEqual([3, 6, 2, 5, 1, 4]);
  });
});
