import { ATTRIBUTE_TYPE, DATA_TYPE } from '../../../src/core/formats/onnx/proto.ts';
import { floats, ints } from './files.ts';
import { float, int, list, node, type Case } from './onnx-node.ts';

const PLACES = ints('at', [0, 1, 1, 3, 1, -1], [1, 3, 2]);

/** Places, triangles and masks that the file knows. */
export const PICKING_CASES: readonly Case[] = [
  {
    name: 'GatherND behind the images',
    opset: 13,
    nodes: [
      node('Transpose', 'x', 't', list('perm', 1, 2, 3, 0)),
      node('GatherND', 't at', 'g'),
      node('Transpose', 'g', 'y', list('perm', 1, 0)),
    ],
    weights: [ints('at', [0, 1, 5, 1, -2, 0, 0, 0, -1], [3, 3])],
  },
  {
    name: 'GatherND of slices',
    opset: 13,
    nodes: [
      node('Transpose', 'x', 't', list('perm', 2, 3, 0, 1)),
      node('GatherND', 't at', 'g'),
      node('Transpose', 'g', 'y', list('perm', 1, 2, 0)),
    ],
    weights: [ints('at', [0, 1, -1, 3], [2, 2])],
  },
  {
    name: 'GatherND in each image of one',
    opset: 13,
    batch: 1,
    nodes: [node('GatherND', 'x at', 'y', int('batch_dims', 1))],
    weights: [PLACES],
  },
  { name: 'Trilu: upper', opset: 14, nodes: [node('Trilu', 'x', 'y')] },
  {
    name: 'Trilu: lower, beyond the diagonal',
    opset: 14,
    nodes: [node('Trilu', 'x k', 'y', int('upper', 0))],
    weights: [ints('k', [1], [])],
  },
  {
    name: 'IsNaN, as attention with a mask has it',
    opset: 13,
    nodes: [node('Sqrt', 'x', 'roots'), node('IsNaN', 'roots', 'none'), node('Where', 'none x roots', 'y')],
  },
  {
    name: 'CumSum',
    opset: 14,
    nodes: [node('CumSum', 'x axis', 'y', int('reverse', 1))],
    weights: [ints('axis', [2], [])],
  },
  { name: 'Atan', opset: 13, nodes: [node('Atan', 'x', 'y')], ops: 'Atan' },
  {
    name: 'pads of the size, as TensorFlow pads: Clip and Size',
    opset: 13,
    nodes: [
      node('Shape', 'x', 's'),
      node('Constant', '', 'three', int('value_int', 3)),
      node('Gather', 's three', 'w'),
      node('Cast', 'w', 'f', int('to', DATA_TYPE.float)),
      node('Constant', '', 'five', float('value_float', 5)),
      node('Sub', 'f five', 'more'),
      node('Constant', '', 'zero', float('value_float', 0)),
      node('Clip', 'more zero', 'clipped'),
      node('Cast', 'clipped', 'pad', int('to', DATA_TYPE.int64)),
      node('Unsqueeze', 'pad axis', 'last'),
      node('Concat', 'first last', 'pads', int('axis', 0)),
      node('Size', 'pads', 'eight'),
      node('Range', 'none eight one', 'order'),
      node('Gather', 'pads order', 'sorted'),
      node('Pad', 'x sorted', 'y'),
    ],
    weights: [ints('axis', [0]), ints('first', [0, 0, 0, 0, 0, 0, 2]), ints('none', [0], []), ints('one', [1], [])],
  },
  {
    name: 'repeat_interleave: OneHot and Tile',
    opset: 13,
    nodes: [
      node('Constant', '', 'five', { name: 'value', type: ATTRIBUTE_TYPE.tensor, t: ints('', [5], []) }),
      node('OneHot', 'at five values', 'repeats'),
      node('Reshape', 'repeats flat', 'times'),
      node('Unsqueeze', 'x axis', 'apart'),
      node('Tile', 'apart times', 'tiled'),
      node('Mul', 'tiled m', 'y'),
    ],
    weights: [ints('at', [2]), ints('values', [1, 3]), ints('flat', [-1]), ints('axis', [2]), floats('m', [6])],
  },
];
